package io.apus.djl;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Joins alike pairs to groups: each key takes the smallest label of its neighbours until none changes. */
final class AlikeGroups {
    private AlikeGroups() {}

    /**
     * Columns {@code key} and {@code label}, the smallest key of the group, for the keys that are in a pair.
     *
     * @param pairs columns {@code a} and {@code b}
     */
    static Dataset<Row> of(Dataset<Row> pairs) {
        Dataset<Row> links = pairs.unionByName(pairs.select(
                        functions.col("b").as("a"), functions.col("a").as("b")))
                .distinct()
                .localCheckpoint();
        Dataset<Row> labels = links.select(
                        functions.col("a").as("key"), functions.col("a").as("label"))
                .distinct()
                .localCheckpoint();
        long changed = 1;
        while (changed > 0) {
            Dataset<Row> next = spread(links, labels).localCheckpoint();
            changed = next.join(labels.withColumnRenamed("label", "before"), "key")
                    .where("label < before")
                    .count();
            labels = next;
        }
        return labels;
    }

    private static Dataset<Row> spread(Dataset<Row> links, Dataset<Row> labels) {
        Dataset<Row> heard = links.join(labels.withColumnRenamed("key", "b"), "b")
                .select(functions.col("a").as("key"), functions.col("label"));
        return heard.unionByName(labels)
                .groupBy("key")
                .agg(functions.min("label").as("label"));
    }
}
