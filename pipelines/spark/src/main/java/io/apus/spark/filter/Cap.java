package io.apus.spark.filter;

import io.apus.corpus.filter.select.CapFilter;
import io.apus.schemas.data.SampleKey;
import io.apus.spark.table.Mapping;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Applies {@link CapFilter}: the keys of a dataset are sorted by their rank, on disk where they are many. */
record Cap(CapFilter filter) implements WholeSet {
    private static final StructType RANKS =
            StructType.fromDDL("dataset STRING, dataset_index INT, row BIGINT, copy INT, rank BIGINT");

    @Override
    public Dataset<Row> refused(Dataset<Row> passing) {
        CapFilter cap = filter;
        MapPartitionsFunction<Row, Row> rank = rows -> new Mapping<>(rows, row -> {
            SampleKey key = key(row);
            return RowFactory.create(key.dataset(), key.datasetIndex(), key.row(), key.copy(), cap.rank(key));
        });
        MapPartitionsFunction<Row, Row> refuse =
                rows -> new Mapping<>(rows, row -> Refused.row(key(row), cap.detail()));
        return passing.select("dataset", "dataset_index", "row", "copy")
                .mapPartitions(rank, Encoders.row(RANKS))
                .withColumn(
                        "place",
                        functions
                                .row_number()
                                .over(Window.partitionBy("dataset_index").orderBy("rank", "row", "copy")))
                .where(functions.col("place").gt(filter.perDataset()))
                .select("dataset", "dataset_index", "row", "copy")
                .mapPartitions(refuse, Refused.encoder());
    }

    private static SampleKey key(Row row) {
        return new SampleKey(row.getString(0), row.getInt(1), row.getLong(2), row.getInt(3));
    }
}
