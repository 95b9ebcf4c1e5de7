package io.apus.djl;

import io.apus.schemas.UserError;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Finds rows whose embeddings are nearly the same: candidates by random hyperplanes, their true cosine, connected groups, the best of each. The
 * result does not depend on partitions or order.
 *
 * @param threshold least cosine of near duplicates, above 0 and up to 1
 * @param bands hashes of a vector; more find more of the pairs at the threshold
 * @param bits bits of a hash, 1 to 63; more leave fewer pairs to compare. A pair of cosine c is found with the probability
 *     1 - (1 - p^bits)^bands where p = 1 - acos(c) / pi
 * @param seed of the hyperplanes
 */
public record DuplicatesByEmbedding(double threshold, int bands, int bits, long seed) {
    private static final StructType PAIR = StructType.fromDDL("a STRING NOT NULL, b STRING NOT NULL");

    public DuplicatesByEmbedding {
        if (!(threshold > 0 && threshold <= 1) || bands < 1 || bits < 1 || bits > 63) {
            throw new UserError(
                    "Cannot look for near duplicates",
                    "threshold is " + threshold + ", bands " + bands + ", bits " + bits,
                    "The threshold is above 0 and up to 1, bands are at least 1, bits 1 to 63.");
        }
    }

    /** Threshold 0.95, of whose pairs 16 bands of 12 bits find 99.4%. */
    public static DuplicatesByEmbedding usual() {
        return new DuplicatesByEmbedding(0.95, 16, 12, 42);
    }

    /**
     * All rows with one more column {@code duplicate_of STRING}: the key of the row that stays in the place of this one, null for rows that stay.
     * Rows without an embedding stay. The rows are read twice: cache them where embedding is dear.
     *
     * @param keyCol a column of distinct strings
     * @param embeddingCol {@code array<float>}
     * @param rankCol a number; of a group the row of the highest stays, of equals that with the smallest key
     */
    public Dataset<Row> mark(Dataset<Row> rows, String keyCol, String embeddingCol, String rankCol) {
        List<String> names = List.of(rows.columns());
        for (String column : List.of(keyCol, embeddingCol, rankCol)) {
            if (!names.contains(column)) {
                throw new UserError(
                        "Cannot look for near duplicates",
                        "there is no column " + column + " among " + String.join(", ", names),
                        "Name the columns of the rows.");
            }
        }
        Dataset<Row> vectors = rows.select(
                functions.col(keyCol).cast("string").as("key"),
                functions.col(embeddingCol).as("vector"));
        Dataset<Row> ranks = rows.select(
                functions.col(keyCol).cast("string").as("key"),
                functions.col(rankCol).cast("double").as("rank"));
        Dataset<Row> losers = losers(AlikeGroups.of(pairs(vectors)), ranks);
        return rows.join(
                        losers, functions.col(keyCol).cast("string").equalTo(functions.col("loser__key")), "left_outer")
                .drop("loser__key");
    }

    private Dataset<Row> pairs(Dataset<Row> vectors) {
        double least = threshold;
        MapPartitionsFunction<Row, Row> compare = bucket -> new AlikeInBucket(bucket, least);
        return Buckets.of(vectors, new Hyperplanes(bands, bits, seed))
                .repartition(functions.col("band"), functions.col("hash"))
                .sortWithinPartitions("band", "hash", "key")
                .mapPartitions(compare, Encoders.row(PAIR))
                .distinct();
    }

    /** Columns {@code loser__key} and {@code duplicate_of}. */
    private static Dataset<Row> losers(Dataset<Row> groups, Dataset<Row> ranks) {
        Dataset<Row> ranked = groups.join(ranks, "key");
        Dataset<Row> best = ranked.groupBy("label")
                .agg(functions
                        .min(functions.struct(
                                functions
                                        .negate(functions.coalesce(
                                                functions.col("rank"), functions.lit(Double.NEGATIVE_INFINITY)))
                                        .as("worse"),
                                functions.col("key")))
                        .as("best"))
                .select(functions.col("label"), functions.col("best.key").as("duplicate_of"));
        return ranked.join(best, "label")
                .where("key != duplicate_of")
                .select(functions.col("key").as("loser__key"), functions.col("duplicate_of"));
    }
}
