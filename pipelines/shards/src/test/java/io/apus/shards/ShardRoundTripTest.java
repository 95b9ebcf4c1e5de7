package io.apus.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.data.PackedRow;
import io.apus.schemas.manifest.ShardManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardRoundTripTest {
    @TempDir
    Path folder;

    @Test
    void readsBackEveryRowInOrder() {
        List<PackedRow> rows = Rows.random(300, 512, 1);
        ShardManifest manifest = write(folder, rows, 512, 10_000);

        ShardReader reader = ShardReader.open(folder);

        assertThat(manifest.shards()).hasSizeGreaterThan(3);
        assertThat(reader.manifest()).isEqualTo(manifest);
        assertThat(reader.rows()).isEqualTo(300);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(reader.row(i)).usingRecursiveComparison().isEqualTo(rows.get(i));
            assertThat(reader.length(i)).isEqualTo(rows.get(i).inputIds().length);
            assertThat(reader.lossWeightSum(i)).isEqualTo(rows.get(i).lossWeightSum());
        }
    }

    @Test
    void slicesAreReadOnlyViewsOfTheMapping() {
        List<PackedRow> rows = Rows.random(10, 64, 2);
        write(folder, rows, 64, 1_000_000);

        TokenSlice slice = ShardReader.open(folder).tokens(7);

        assertThat(slice.inputIds().isDirect()).isTrue();
        assertThat(slice.inputIds().isReadOnly()).isTrue();
        assertThat(slice.copyInputIds()).isEqualTo(rows.get(7).inputIds());
        assertThat(slice.copyLossWeights()).isEqualTo(rows.get(7).lossWeights());
        assertThat(slice.segmentLengths()).isEqualTo(rows.get(7).segmentLengths());
    }

    @Test
    void aShardOfSeveralBatchesReadsBack() {
        Random random = new Random(3);
        List<PackedRow> rows = List.of(
                Rows.row(new int[] {600_000}, 0, random),
                Rows.row(new int[] {600_000}, 1, random),
                Rows.row(new int[] {1_200_000}, 2, random),
                Rows.row(new int[] {5}, 3, random));
        ShardManifest manifest = write(folder, rows, 1_200_000, 100_000_000);

        ShardReader reader = ShardReader.open(folder);

        assertThat(manifest.shards()).hasSize(1);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(reader.tokens(i).copyInputIds()).isEqualTo(rows.get(i).inputIds());
        }
    }

    @Test
    void manifestAddsUp() {
        List<PackedRow> rows = Rows.random(100, 128, 4);

        ShardManifest manifest = write(folder, rows, 128, 3_000);

        long tokens = rows.stream().mapToLong(row -> row.inputIds().length).sum();
        assertThat(manifest.tokens()).isEqualTo(tokens);
        assertThat(manifest.samples())
                .isEqualTo(rows.stream()
                        .mapToLong(row -> row.segmentLengths().length)
                        .sum());
        assertThat(manifest.fill()).isEqualTo(tokens / (100.0 * 128));
        assertThat(manifest.shards()).allSatisfy(shard -> {
            assertThat(Files.size(folder.resolve(shard.path()))).isEqualTo(shard.bytes());
            assertThat(Sha256.of(folder.resolve(shard.path()))).isEqualTo(shard.sha256());
        });
    }

    @Test
    void sameRowsGiveTheSameBytesInOneWriterOrInOneWriterAShard() throws IOException {
        List<PackedRow> rows = Rows.random(200, 256, 5);
        Path one = folder.resolve("one");
        Path many = folder.resolve("many");
        ShardManifest sequential = write(one, rows, 256, 5_000);

        List<WrittenShard> written = new java.util.ArrayList<>();
        int at = 0;
        for (ShardManifest.Shard shard : sequential.shards()) {
            try (ShardFileWriter writer = new ShardFileWriter(many, written.size(), 256)) {
                rows.subList(at, at += (int) shard.rows()).forEach(writer::add);
                written.add(writer.finish());
            }
        }
        ShardManifest parallel = ShardFolder.commit(many, "train", 256, "abc", written);

        assertThat(parallel).isEqualTo(sequential);
        assertThat(Files.mismatch(one.resolve("manifest.json"), many.resolve("manifest.json")))
                .isEqualTo(-1);
        assertThat(Files.mismatch(one.resolve("part-00001.arrow"), many.resolve("part-00001.arrow")))
                .isEqualTo(-1);
    }

    @Test
    void aSplitWithoutRowsIsAnEmptyReader() {
        write(folder, List.of(), 16, 100);

        assertThat(ShardReader.open(folder).rows()).isZero();
    }

    @Test
    void anUnfinishedShardLeavesNothing() throws IOException {
        try (ShardWriter writer = new ShardWriter(folder, "train", 64, "abc", 1_000_000)) {
            Rows.random(5, 64, 6).forEach(writer::add);
        }

        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aRowAboveMaxLengthIsRefused() {
        try (ShardWriter writer = new ShardWriter(folder, "train", 4, "abc", 100)) {
            PackedRow row = Rows.row(new int[] {5}, 0, new Random(7));

            assertThatThrownBy(() -> writer.add(row)).hasMessageContaining("5 tokens does not fit into 4");
        }
    }

    private static ShardManifest write(Path folder, List<PackedRow> rows, int maxLength, long shardTokens) {
        try (ShardWriter writer = new ShardWriter(folder, "train", maxLength, "abc", shardTokens)) {
            rows.forEach(writer::add);
            return writer.commit();
        }
    }
}
