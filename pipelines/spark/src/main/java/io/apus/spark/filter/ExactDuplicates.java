package io.apus.spark.filter;

import io.apus.corpus.filter.duplicate.ContentHash;
import io.apus.corpus.filter.duplicate.ExactDuplicateFilter;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.spark.table.Mapping;
import io.apus.spark.table.SampleRows;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Applies {@link ExactDuplicateFilter}: samples meet by the hash of their content; all copies of the first row stay. */
record ExactDuplicates(PersistedFrames frames) implements WholeSet {
    private static final StructType HASHES =
            StructType.fromDDL("dataset STRING, dataset_index INT, row BIGINT, copy INT, hash STRING");

    @Override
    public Dataset<Row> refused(Dataset<Row> passing) {
        MapPartitionsFunction<Row, Row> hash = rows -> new Mapping<>(rows, ExactDuplicates::hashed);
        Dataset<Row> hashes = frames.keep(passing.mapPartitions(hash, Encoders.row(HASHES)));
        Column key = functions.struct("dataset_index", "row", "dataset");
        Dataset<Row> repeated = hashes.groupBy("hash")
                .agg(functions.min(key).as("first"), functions.max(key).as("last"))
                .where("first != last")
                .select(functions.col("hash").as("repeated"), functions.col("first"));
        MapPartitionsFunction<Row, Row> refuse = rows -> new Mapping<>(rows, ExactDuplicates::refusal);
        return hashes.join(repeated, functions.col("hash").equalTo(functions.col("repeated")))
                .where("dataset_index != first.dataset_index OR row != first.row")
                .select("dataset", "dataset_index", "row", "copy", "first.dataset", "first.row")
                .mapPartitions(refuse, Refused.encoder());
    }

    private static Row hashed(Row row) {
        Sample sample = SampleRows.decode(row);
        SampleKey key = sample.key();
        return RowFactory.create(key.dataset(), key.datasetIndex(), key.row(), key.copy(), ContentHash.of(sample));
    }

    private static Row refusal(Row row) {
        SampleKey key = new SampleKey(row.getString(0), row.getInt(1), row.getLong(2), row.getInt(3));
        SampleKey kept = new SampleKey(row.getString(4), 0, row.getLong(5), 0);
        return Refused.row(key, ExactDuplicateFilter.detail(kept));
    }
}
