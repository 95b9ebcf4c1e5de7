package io.apus.shards;

import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A split's folder: {@code part-00000.arrow}, {@code part-00001.arrow} ... and {@code manifest.json}, written last. */
public final class ShardFolder {
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
