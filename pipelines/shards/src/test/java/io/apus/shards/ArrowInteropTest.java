package io.apus.shards;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.PackedRow;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrow's own readers understand what we write. */
class ArrowInteropTest {
    @TempDir
    Path folder;

    @Test
    void arrowsFileReaderReadsAShard() throws IOException {
        List<PackedRow> rows = write();
        try (RootAllocator allocator = new RootAllocator();
                FileChannel channel = FileChannel.open(folder.resolve("part-00000.arrow"));
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            assertThat(root.getSchema().getFields().stream().map(Object::toString))
                    .containsExactly(
                            "input_ids: List<item: Int(32, true) not null> not null",
                            "loss_weights: List<item: FloatingPoint(SINGLE) not null> not null",
                            "segment_lengths: List<item: Int(32, true) not null> not null",
                            "sample_ids: List<item: Utf8 not null> not null",
                            "loss_weight_sum: FloatingPoint(DOUBLE) not null");
            int at = 0;
            while (reader.loadNextBatch()) {
                for (int i = 0; i < root.getRowCount(); i++) {
                    assertRow(root, i, rows.get(at++));
                }
            }
            assertThat(at).isEqualTo(rows.size());
        }
    }

    @Test
    void theMiddleOfAShardIsAnArrowStream() throws IOException {
        List<PackedRow> rows = write();
        try (RootAllocator allocator = new RootAllocator();
                FileChannel channel =
                        FileChannel.open(folder.resolve("part-00000.arrow")).position(8);
                ArrowStreamReader reader = new ArrowStreamReader(channel, allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(reader.getVectorSchemaRoot().getRowCount()).isEqualTo(rows.size());
            assertThat(reader.loadNextBatch()).isFalse();
        }
    }

    @Test
    void buffersBeginAtMultiplesOf64Bytes() throws IOException {
        write();
        Path file = folder.resolve("part-00000.arrow");
        try (FileChannel channel = FileChannel.open(file)) {
            for (BatchLocation batch : new ArrowFooterReader(file, channel).batches()) {
                for (long offset : batch.offsets()) {
                    assertThat((batch.bodyStart() + offset) % 64).isZero();
                }
            }
        }
    }

    private List<PackedRow> write() {
        List<PackedRow> rows = Rows.random(50, 128, 11);
        try (ShardWriter writer = new ShardWriter(folder, "train", 128, "abc", 1_000_000)) {
            rows.forEach(writer::add);
            writer.commit();
        }
        return rows;
    }

    private static void assertRow(VectorSchemaRoot root, int index, PackedRow expected) {
        assertThat(((ListVector) root.getVector("input_ids")).getObject(index).toString())
                .isEqualTo(Arrays.toString(expected.inputIds()).replace(" ", ""));
        assertThat(((ListVector) root.getVector("sample_ids"))
                        .getObject(index)
                        .toString()
                        .replace("\"", ""))
                .isEqualTo("[" + String.join(",", expected.sampleIds()) + "]");
        assertThat(((Float8Vector) root.getVector("loss_weight_sum")).get(index))
                .isEqualTo(expected.lossWeightSum());
        assertThat((Float) ((ListVector) root.getVector("loss_weights"))
                        .getObject(index)
                        .get(0))
                .isEqualTo(expected.lossWeights()[0]);
    }
}
