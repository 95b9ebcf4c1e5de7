package io.apus.shards;

import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A split's folder: {@code part-00000.arrow}, {@code part-00001.arrow} ... and {@code manifest.json}, written last. */
public final class ShardFolder {
    private static final ShardManifest NOTHING = new ShardManifest("", 0, 0, 0, 0, 0, "", "", List.of());

    private ShardFolder() {}

    public static String fileName(int index) {
        return String.format(Locale.ROOT, "part-%05d.arrow", index);
    }

    /** Writes the manifest of finished shards, given in order. */
    public static ShardManifest commit(
            Path folder, String split, int maxLength, String tokenizerSha256, List<WrittenShard> written) {
        List<ShardManifest.Shard> shards =
                written.stream().map(WrittenShard::shard).toList();
        ShardManifest manifest = new ShardManifest(
                split,
                maxLength,
                shards.stream().mapToLong(ShardManifest.Shard::rows).sum(),
                written.stream().mapToLong(WrittenShard::samples).sum(),
                shards.stream().mapToLong(ShardManifest.Shard::tokens).sum(),
                lossWeightSum(written),
                tokenizerSha256,
                contentSha256(shards),
                shards);
        ManifestFile.write(folder.resolve(RunLayout.MANIFEST), manifest);
        return manifest;
    }

    /**
     * Moves the shards of the committed folder {@code from} into {@code to} and returns the manifest of those of {@code before} (null: none)
     * with them behind. The manifest of {@code to} is left as it is, so until it is written nobody sees the new shards; moving the same
     * shards again changes nothing.
     *
     * @param prefix put in front of the files' names, which must be new in {@code to}
     */
    public static ShardManifest append(ShardManifest before, Path from, Path to, String prefix) {
        ShardManifest more = ManifestFile.readShards(from.resolve(RunLayout.MANIFEST));
        ShardManifest first = before == null ? NOTHING : before;
        List<ShardManifest.Shard> shards = new ArrayList<>(first.shards());
        try {
            Files.createDirectories(to);
            for (ShardManifest.Shard shard : more.shards()) {
                String name = prefix + shard.path();
                AtomicFile.publish(from.resolve(shard.path()), to.resolve(name));
                shards.add(new ShardManifest.Shard(name, shard.rows(), shard.tokens(), shard.bytes(), shard.sha256()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return joined(first, more, shards);
    }

    private static ShardManifest joined(ShardManifest before, ShardManifest more, List<ShardManifest.Shard> shards) {
        return new ShardManifest(
                more.split(),
                more.maxLength(),
                before.rows() + more.rows(),
                before.samples() + more.samples(),
                before.tokens() + more.tokens(),
                before.lossWeightSum() + more.lossWeightSum(),
                more.tokenizerSha256(),
                contentSha256(shards),
                shards);
    }

    static String contentSha256(List<ShardManifest.Shard> shards) {
        String all = shards.stream().map(ShardManifest.Shard::sha256).collect(Collectors.joining("\n"));
        return Sha256.of(all.getBytes(StandardCharsets.US_ASCII));
    }

    /** Added in order, for a stream's sum() may compensate and so depend on its implementation. */
    private static double lossWeightSum(List<WrittenShard> written) {
        double sum = 0;
        for (WrittenShard shard : written) {
            sum += shard.lossWeightSum();
        }
        return sum;
    }
}
