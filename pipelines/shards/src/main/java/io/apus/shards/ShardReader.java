package io.apus.shards;

import io.apus.schemas.data.PackedRow;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The packed rows of a split, by index over all shards, read where they lie in the mapped files.
 *
 * <p>Opening verifies everything once: each file's size and SHA-256 against the manifest, and every offset inside the files; what does
 * not hold is a {@link io.apus.schemas.UserError} that names the file. Reading is thread-safe. The mappings go when the reader and all
 * slices of it are garbage.
 */
public final class ShardReader {
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final ShardManifest manifest;
    private final List<MappedBatch> batches;
    private final long[] firstRows;

    private ShardReader(ShardManifest manifest, List<MappedBatch> batches) {
        this.manifest = manifest;
        this.batches = batches;
        this.firstRows = new long[batches.size()];
        for (int i = 1; i < firstRows.length; i++) {
            firstRows[i] = firstRows[i - 1] + batches.get(i - 1).rows();
        }
    }

    /** Opens the folder of a split, e.g. {@code pack/shards/train}. */
    public static ShardReader open(Path folder) {
        Path file = folder.resolve(RunLayout.MANIFEST);
        ShardManifest manifest = ManifestFile.readShards(file);
        check(file, manifest);
        List<MappedBatch> batches = manifest.shards().parallelStream()
                .map(shard -> MappedShard.open(folder, shard, manifest.maxLength()))
                .flatMap(List::stream)
                .filter(batch -> batch.rows() > 0)
                .toList();
        return new ShardReader(manifest, new ArrayList<>(batches));
    }

    private static void check(Path file, ShardManifest manifest) {
        if (manifest.shards() == null || manifest.contentSha256() == null || manifest.maxLength() < 1) {
            throw ShardDamage.of(file, "the manifest is incomplete");
        }
        for (ShardManifest.Shard shard : manifest.shards()) {
            if (shard == null
                    || shard.path() == null
                    || !PLAIN_NAME.matcher(shard.path()).matches()) {
                throw ShardDamage.of(file, "the manifest lists " + shard + ", which is no file of this folder");
            }
        }
        long rows =
                manifest.shards().stream().mapToLong(ShardManifest.Shard::rows).sum();
        long tokens = manifest.shards().stream()
                .mapToLong(ShardManifest.Shard::tokens)
                .sum();
        if (rows != manifest.rows()
                || tokens != manifest.tokens()
                || !manifest.contentSha256().equals(ShardFolder.contentSha256(manifest.shards()))) {
            throw ShardDamage.of(
                    file,
                    "the manifest's totals are not those of its "
                            + manifest.shards().size() + " shards");
        }
    }

    public ShardManifest manifest() {
        return manifest;
    }

    public long rows() {
        return manifest.rows();
    }

    /** Tokens of row {@code row}. */
    public int length(long row) {
        int batch = batch(row);
        return batches.get(batch).length(inBatch(batch, row));
    }

    /** Sum of the row's loss weights, as it was written. */
    public double lossWeightSum(long row) {
        int batch = batch(row);
        return batches.get(batch).lossWeightSum(inBatch(batch, row));
    }

    /** The row's tokens in place. */
    public TokenSlice tokens(long row) {
        int batch = batch(row);
        return batches.get(batch).tokens(inBatch(batch, row));
    }

    /** A copy of the row. */
    public PackedRow row(long row) {
        int batch = batch(row);
        return batches.get(batch).row(inBatch(batch, row));
    }

    private int batch(long row) {
        Objects.checkIndex(row, rows());
        int found = Arrays.binarySearch(firstRows, row);
        return found >= 0 ? found : -found - 2;
    }

    private int inBatch(int batch, long row) {
        return (int) (row - firstRows[batch]);
    }
}
