package io.apus.schemas.manifest;

import java.util.List;

/**
 * The packed rows of one split: which shard files there are, in order, and what they hold.
 *
 * @param split {@code train} or {@code validation}
 * @param maxLength capacity of a row in tokens
 * @param rows packed rows over all shards
 * @param samples samples in them
 * @param tokens tokens in them
 * @param lossWeightSum sum of all loss weights
 * @param tokenizerSha256 of the tokenizer.json that made the ids
 * @param contentSha256 SHA-256 over the shards' own SHA-256 in order: the identity of the training data
 * @param shards the files
 */
public record ShardManifest(
        String split,
        int maxLength,
        long rows,
        long samples,
        long tokens,
        double lossWeightSum,
        String tokenizerSha256,
        String contentSha256,
        List<Shard> shards) {
    /** One Arrow IPC file; {@code path} is relative to the manifest's folder. */
    public record Shard(String path, long rows, long tokens, long bytes, String sha256) {}

    /** Share of the rows' capacity that holds tokens, 0 to 1. */
    public double fill() {
        return rows == 0 ? 0 : (double) tokens / ((double) rows * maxLength);
    }
}
