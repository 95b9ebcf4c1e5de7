package io.apus.shards;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.PackedRow;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of shards that grows. */
class ShardAppendTest {
    @TempDir
    Path folder;

    @Test
    void appendedShardsReadBehindTheFirstAndAppendingAgainChangesNothing() {
        List<PackedRow> first = Rows.random(20, 64, 1);
        List<PackedRow> second = Rows.random(15, 64, 2);
        Path grown = folder.resolve("grown");
        ShardManifest one = ShardFolder.append(null, staged("a", first), grown, "batch-0-");
        ShardManifest two = ShardFolder.append(one, staged("b", second), grown, "batch-1-");
        ShardManifest again = ShardFolder.append(one, staged("c", second), grown, "batch-1-");
        ManifestFile.write(grown.resolve(RunLayout.MANIFEST), two);

        assertThat(again).isEqualTo(two);
        ShardReader reader = ShardReader.open(grown);
        List<PackedRow> all = new ArrayList<>(first);
        all.addAll(second);
        assertThat(reader.rows()).isEqualTo(35);
        for (int row = 0; row < all.size(); row++) {
            assertThat(reader.row(row)).usingRecursiveComparison().isEqualTo(all.get(row));
        }
        assertThat(reader.manifest().samples())
                .isEqualTo(all.stream().mapToLong(row -> row.sampleIds().size()).sum());
    }

    @Test
    void everySegmentOfAShardIsNamedWithItsPlace() {
        List<PackedRow> rows = Rows.random(9, 64, 3);
        Path staged = staged("a", rows);
        List<String> found = new ArrayList<>();
        long first = 0;
        for (ShardManifest.Shard shard : ShardReader.open(staged).manifest().shards()) {
            for (SampleSegment segment : SampleSegment.of(staged, shard, 64)) {
                PackedRow row = rows.get((int) (first + segment.row()));
                assertThat(segment.sampleId()).isEqualTo(row.sampleIds().get(segment.position()));
                assertThat(segment.length()).isEqualTo(row.segmentLengths()[segment.position()]);
                found.add(segment.sampleId());
            }
            first += shard.rows();
        }

        assertThat(found)
                .isEqualTo(
                        rows.stream().flatMap(row -> row.sampleIds().stream()).toList());
    }

    private Path staged(String name, List<PackedRow> rows) {
        Path staged = folder.resolve(name);
        try (ShardWriter writer = new ShardWriter(staged, "train", 64, "tokenizer", 200)) {
            rows.forEach(writer::add);
            writer.commit();
        }
        return staged;
    }
}
