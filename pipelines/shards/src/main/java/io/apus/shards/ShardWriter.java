package io.apus.shards;

import io.apus.schemas.data.PackedRow;
import io.apus.schemas.manifest.ShardManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the rows of a split in order, beginning a new shard as soon as the current one holds {@code shardTokens} tokens. Not
 * thread-safe; parallel writers use one {@link ShardFileWriter} a shard.
 */
public final class ShardWriter implements AutoCloseable {
    private final Path folder;
    private final String split;
    private final int maxLength;
    private final String tokenizerSha256;
    private final long shardTokens;
    private final List<WrittenShard> written = new ArrayList<>();
    private ShardFileWriter current;

    public ShardWriter(Path folder, String split, int maxLength, String tokenizerSha256, long shardTokens) {
        this.folder = folder;
        this.split = split;
        this.maxLength = maxLength;
        this.tokenizerSha256 = tokenizerSha256;
        this.shardTokens = shardTokens;
    }

    public void add(PackedRow row) {
        if (current == null) {
            current = new ShardFileWriter(folder, written.size(), maxLength);
        }
        current.add(row);
        if (isFull(current.tokens(), shardTokens)) {
            finishShard();
        }
    }

    /** The rule that ends a shard. */
    public static boolean isFull(long tokens, long shardTokens) {
        return tokens >= shardTokens;
    }

    /** Finishes the last shard and writes the manifest. */
    public ShardManifest commit() {
        if (current != null) {
            finishShard();
        }
        return ShardFolder.commit(folder, split, maxLength, tokenizerSha256, written);
    }

    private void finishShard() {
        written.add(current.finish());
        current = null;
    }

    /** Drops the shard that was not finished. */
    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
