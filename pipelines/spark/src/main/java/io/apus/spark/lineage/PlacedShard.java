package io.apus.spark.lineage;

import io.apus.schemas.manifest.ShardManifest;
import io.apus.shards.SampleSegment;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A shard on its way to the task that looks which samples it holds; {@code firstRow} counts over the shards of its split. */
record PlacedShard(
        String folder,
        String split,
        int maxLength,
        long firstRow,
        String path,
        long rows,
        long tokens,
        long bytes,
        String sha256)
        implements Serializable {
    static List<PlacedShard> of(ShardManifest manifest, Path shardsFolder) {
        String folder = shardsFolder.resolve(manifest.split()).toAbsolutePath().toString();
        List<PlacedShard> shards = new ArrayList<>();
        long first = 0;
        for (ShardManifest.Shard shard : manifest.shards()) {
            shards.add(new PlacedShard(
                    folder,
                    manifest.split(),
                    manifest.maxLength(),
                    first,
                    shard.path(),
                    shard.rows(),
                    shard.tokens(),
                    shard.bytes(),
                    shard.sha256()));
            first += shard.rows();
        }
        return shards;
    }

    List<Row> segments() {
        ShardManifest.Shard shard = new ShardManifest.Shard(path, rows, tokens, bytes, sha256);
        return SampleSegment.of(Path.of(folder), shard, maxLength).stream()
                .map(this::row)
                .toList();
    }

    private Row row(SampleSegment segment) {
        return RowFactory.create(
                split,
                path,
                firstRow + segment.row(),
                segment.position(),
                segment.offset(),
                segment.length(),
                segment.sampleId());
    }
}
