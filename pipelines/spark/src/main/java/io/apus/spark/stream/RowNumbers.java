package io.apus.spark.stream;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** A stream's rows are numbered over all its batches, so that a key means one row for ever. */
public final class RowNumbers {
    private RowNumbers() {}

    /** {@code rows} of a batch behind the rows that its datasets, by index, had in the batches before. */
    public static Dataset<Row> after(Map<Integer, Long> rowsBefore, Dataset<Row> rows) {
        Column own = functions.col("row");
        Column number = own;
        for (Map.Entry<Integer, Long> before : rowsBefore.entrySet()) {
            number = functions
                    .when(functions.col("dataset_index").equalTo(before.getKey()), own.plus(before.getValue()))
                    .otherwise(number);
        }
        return rows.withColumn("row", number);
    }

    /** Rows that the datasets have with this batch: those of its {@code samples} and {@code rejects} counted as well. */
    public static Map<Integer, Long> with(Map<Integer, Long> rowsBefore, Dataset<Row> samples, Dataset<Row> rejects) {
        Map<Integer, Long> rows = new TreeMap<>(rowsBefore);
        samples.select("dataset_index")
                .unionByName(rejects.select("dataset_index"))
                .groupBy("dataset_index")
                .count()
                .collectAsList()
                .forEach(count -> rows.merge(count.getInt(0), count.getLong(1), Long::sum));
        return rows;
    }
}
