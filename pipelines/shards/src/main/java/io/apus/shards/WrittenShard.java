package io.apus.shards;

import io.apus.schemas.manifest.ShardManifest;
import java.io.Serializable;

/**
 * A finished shard file and what a {@link ShardManifest} adds up; it travels from the task that wrote it.
 *
 * @param path file name in the split's folder
 * @param rows packed rows in it
 * @param tokens tokens in it
 * @param bytes size of the file
 * @param sha256 of the file
 * @param samples samples in it
 * @param lossWeightSum sum of its rows' sums, in order
 */
public record WrittenShard(
        String path, long rows, long tokens, long bytes, String sha256, long samples, double lossWeightSum)
        implements Serializable {
    ShardManifest.Shard shard() {
        return new ShardManifest.Shard(path, rows, tokens, bytes, sha256);
    }
}
