package io.apus.spark.filter;

import io.apus.corpus.filter.duplicate.NearDuplicateFilter;
import io.apus.corpus.filter.duplicate.Shingles;
import io.apus.schemas.data.SampleKey;
import io.apus.spark.table.Mapping;
import java.util.Locale;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Applies {@link NearDuplicateFilter}: shingles of each row, candidates that share a bucket, their true Jaccard similarity, connected
 * groups, the best of each. Every step is a sort or a join that Spark spills to disk, and none depends on the order of rows.
 */
record NearDuplicates(NearDuplicateFilter filter, PersistedFrames frames) implements WholeSet {
    @Override
    public Dataset<Row> refused(Dataset<Row> passing) {
        Dataset<Row> documents = frames.keep(new Documents(filter).read(passing));
        Dataset<Row> pairs = new CandidatePairs(filter).find(documents);
        Dataset<Row> groups = ConnectedGroups.of(similar(pairs, documents), frames, ConnectedGroups.FEW);
        Dataset<Row> losers = frames.keep(losers(groups, documents));
        Dataset<Row> keys =
                passing.select("dataset", "dataset_index", "row", "copy").withColumn("key_id", Documents.id());
        double threshold = filter.threshold();
        MapPartitionsFunction<Row, Row> refuse = rows -> new Mapping<>(rows, row -> refusal(row, threshold));
        return withShingles(losers, documents, "id", "kept")
                .join(keys, functions.col("id").equalTo(functions.col("key_id")))
                .select("dataset", "dataset_index", "row", "copy", "left", "right", "right_dataset", "kept")
                .mapPartitions(refuse, Refused.encoder());
    }

    /** The pairs whose similarity is at least the threshold. */
    private Dataset<Row> similar(Dataset<Row> pairs, Dataset<Row> documents) {
        double threshold = filter.threshold();
        FilterFunction<Row> alike = row -> jaccard(row, 2) >= threshold;
        return withShingles(pairs, documents, "a", "b")
                .select("a", "b", "left", "right")
                .filter(alike)
                .select("a", "b");
    }

    /** Adds the shingles of two documents, {@code left} and {@code right}, and the dataset of the second. */
    private static Dataset<Row> withShingles(Dataset<Row> pairs, Dataset<Row> documents, String first, String second) {
        Dataset<Row> left = documents.select(
                functions.col("id").as("left_id"), functions.col("shingles").as("left"));
        Dataset<Row> right = documents.select(
                functions.col("id").as("right_id"),
                functions.col("shingles").as("right"),
                functions.col("dataset").as("right_dataset"));
        return pairs.join(left, functions.col(first).equalTo(functions.col("left_id")))
                .join(right, functions.col(second).equalTo(functions.col("right_id")));
    }

    /** Every member of a group but its best (the first of the best): {@code id}, and the best's id as {@code kept}. */
    private static Dataset<Row> losers(Dataset<Row> groups, Dataset<Row> documents) {
        Dataset<Row> ranks = documents.select(functions.col("id").as("ranked"), functions.col("rank"));
        Dataset<Row> best = groups.join(ranks, functions.col("id").equalTo(functions.col("ranked")))
                .groupBy(functions.col("label").as("best_of"))
                .agg(functions
                        .max(functions.struct(
                                functions.col("rank"),
                                functions.negate(functions.col("id")).as("negative")))
                        .as("best"))
                .select(
                        functions.col("best_of"),
                        functions.negate(functions.col("best.negative")).as("kept"));
        return groups.join(best, functions.col("label").equalTo(functions.col("best_of")))
                .where("id != kept")
                .select("id", "kept");
    }

    private static double jaccard(Row row, int column) {
        return Shingles.jaccard(Shingles.fromBytes(row.getAs(column)), Shingles.fromBytes(row.getAs(column + 1)));
    }

    private static Row refusal(Row row, double threshold) {
        SampleKey key = new SampleKey(row.getString(0), row.getInt(1), row.getLong(2), row.getInt(3));
        String kept = new SampleKey(row.getString(6), 0, Documents.row(row.getLong(7)), 0).id();
        double jaccard = jaccard(row, 4);
        return Refused.row(
                key,
                String.format(
                        Locale.ROOT,
                        jaccard >= threshold
                                ? "near duplicate of %s, Jaccard similarity %.3f"
                                : "in the group of near duplicates of %s, Jaccard similarity %.3f",
                        kept,
                        jaccard));
    }
}
