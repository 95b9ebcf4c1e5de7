package io.apus.spark.filter;

import io.apus.schemas.data.SampleKey;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The keys of refused samples, each with the detail of its reject. */
public final class Refused {
    private static final String INDEX = "refused_index";
    private static final String ROW = "refused_row";
    private static final String COPY = "refused_copy";

    /** Column of the detail. */
    public static final String DETAIL = "refused_detail";

    private Refused() {}

    static Encoder<Row> encoder() {
        return Encoders.row(StructType.fromDDL(INDEX + " INT NOT NULL, " + ROW + " BIGINT NOT NULL, " + COPY
                + " INT NOT NULL, " + DETAIL + " STRING NOT NULL"));
    }

    static Row row(SampleKey key, String detail) {
        return RowFactory.create(key.datasetIndex(), key.row(), key.copy(), detail);
    }

    /** Whether a sample of {@code samples} is the one that a row of {@code refused} means. */
    public static Column same(Dataset<Row> samples, Dataset<Row> refused) {
        return samples.col("dataset_index")
                .equalTo(refused.col(INDEX))
                .and(samples.col("row").equalTo(refused.col(ROW)))
                .and(samples.col("copy").equalTo(refused.col(COPY)));
    }
}
