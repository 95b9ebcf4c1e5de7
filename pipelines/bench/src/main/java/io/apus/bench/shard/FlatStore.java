package io.apus.bench.shard;

import io.apus.schemas.data.PackedRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The floor: one file of little-endian words, mapped into memory. A row is its number of tokens, of segments and of bytes of names, then
 * ids, weights, segment lengths and the names with line ends between them, padded to whole words.
 */
final class FlatStore implements RowStore {
    private static final int HEADER_WORDS = 3;

    @Override
    public void write(Path folder, List<PackedRow> rows) throws IOException {
        Files.createDirectories(folder);
        Path file = file(folder);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (PackedRow row : rows) {
                ByteBuffer bytes = bytes(row);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        }
        Seal.put(file);
    }

    private static ByteBuffer bytes(PackedRow row) {
        byte[] names = String.join("\n", row.sampleIds()).getBytes(StandardCharsets.UTF_8);
        int tokens = row.inputIds().length;
        int segments = row.segmentLengths().length;
        int words = HEADER_WORDS + 2 * tokens + segments + words(names.length);
        ByteBuffer buffer = ByteBuffer.allocateDirect(words * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(tokens).putInt(segments).putInt(names.length);
        buffer.asIntBuffer().put(row.inputIds());
        buffer.position(buffer.position() + tokens * Integer.BYTES);
        buffer.asFloatBuffer().put(row.lossWeights());
        buffer.position(buffer.position() + tokens * Float.BYTES);
        buffer.asIntBuffer().put(row.segmentLengths());
        buffer.position(buffer.position() + segments * Integer.BYTES);
        return buffer.put(names).rewind();
    }

    private static int words(int bytes) {
        return (bytes + Integer.BYTES - 1) / Integer.BYTES;
    }

    private static Path file(Path folder) {
        return folder.resolve("rows.bin");
    }

    /** Maps the whole file: at most 2 GiB. */
    @Override
    public Reading open(Path folder) throws IOException {
        Seal.check(file(folder));
        try (FileChannel channel = FileChannel.open(file(folder))) {
            ByteBuffer map = channel.map(MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
            return () -> sum(map);
        }
    }

    private static double sum(ByteBuffer map) {
        double sum = 0;
        int at = 0;
        while (at < map.limit()) {
            int tokens = map.getInt(at);
            int ids = at + HEADER_WORDS * Integer.BYTES;
            int column = tokens * Integer.BYTES;
            sum += Sums.of(
                    part(map, ids, column).asIntBuffer(),
                    part(map, ids + column, column).asFloatBuffer());
            at = ids + 2 * column + (map.getInt(at + 4) + words(map.getInt(at + 8))) * Integer.BYTES;
        }
        return sum;
    }

    private static ByteBuffer part(ByteBuffer map, int from, int bytes) {
        return map.slice(from, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
