package io.apus.shards;

import io.apus.schemas.data.PackedRow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The columns of one record batch in the mapped file. Buffers are read by absolute position only, so threads may share it. */
final class MappedBatch {
    private final Path file;
    private final int rows;
    private final ByteBuffer[] buffers = new ByteBuffer[ShardSchema.BUFFERS];

    /** @param body the mapped body of the batch */
    MappedBatch(Path file, BatchLocation location, ByteBuffer body) {
        this.file = file;
        this.rows = location.rows();
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = body.slice((int) location.offsets()[i], (int) location.lengths()[i])
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Follows every offset once, so that reading a row cannot leave its buffers; returns the number of tokens. */
    long check(int maxLength) {
        if (rows == 0) {
            return 0;
        }
        checkOffsets(ShardSchema.ID_OFFSETS, rows, buffers[ShardSchema.IDS].limit() / Integer.BYTES);
        checkOffsets(ShardSchema.SEGMENT_OFFSETS, rows, buffers[ShardSchema.SEGMENTS].limit() / Integer.BYTES);
        checkSame(ShardSchema.ID_OFFSETS, ShardSchema.WEIGHT_OFFSETS);
        checkSame(ShardSchema.SEGMENT_OFFSETS, ShardSchema.SAMPLE_OFFSETS);
        int tokens = at(ShardSchema.ID_OFFSETS, rows);
        int samples = at(ShardSchema.SEGMENT_OFFSETS, rows);
        require((long) tokens * Float.BYTES <= buffers[ShardSchema.WEIGHTS].limit(), "loss weights are missing");
        require((long) rows * Double.BYTES <= buffers[ShardSchema.SUMS].limit(), "sums of loss weights are missing");
        if (samples > 0) {
            checkOffsets(ShardSchema.SAMPLE_NAME_OFFSETS, samples, buffers[ShardSchema.SAMPLE_NAMES].limit());
        }
        for (int row = 0; row < rows; row++) {
            checkSegments(row, maxLength);
        }
        return tokens;
    }

    int rows() {
        return rows;
    }

    int length(int row) {
        return at(ShardSchema.ID_OFFSETS, row + 1) - at(ShardSchema.ID_OFFSETS, row);
    }

    double lossWeightSum(int row) {
        return buffers[ShardSchema.SUMS].getDouble(row * Double.BYTES);
    }

    TokenSlice tokens(int row) {
        int first = at(ShardSchema.ID_OFFSETS, row) * Integer.BYTES;
        int bytes = length(row) * Integer.BYTES;
        return new TokenSlice(
                buffers[ShardSchema.IDS].slice(first, bytes).order(ByteOrder.LITTLE_ENDIAN),
                buffers[ShardSchema.WEIGHTS].slice(first, bytes).order(ByteOrder.LITTLE_ENDIAN),
                segments(row));
    }

    PackedRow row(int row) {
        TokenSlice tokens = tokens(row);
        return new PackedRow(tokens.copyInputIds(), tokens.copyLossWeights(), tokens.segmentLengths(), sampleIds(row));
    }

    int[] segments(int row) {
        int first = at(ShardSchema.SEGMENT_OFFSETS, row);
        int[] lengths = new int[at(ShardSchema.SEGMENT_OFFSETS, row + 1) - first];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = at(ShardSchema.SEGMENTS, first + i);
        }
        return lengths;
    }

    List<String> sampleIds(int row) {
        List<String> ids = new ArrayList<>();
        for (int i = at(ShardSchema.SAMPLE_OFFSETS, row); i < at(ShardSchema.SAMPLE_OFFSETS, row + 1); i++) {
            int first = at(ShardSchema.SAMPLE_NAME_OFFSETS, i);
            byte[] name = new byte[at(ShardSchema.SAMPLE_NAME_OFFSETS, i + 1) - first];
            buffers[ShardSchema.SAMPLE_NAMES].get(first, name);
            ids.add(new String(name, StandardCharsets.UTF_8));
        }
        return ids;
    }

    private void checkSegments(int row, int maxLength) {
        long sum = 0;
        for (int i = at(ShardSchema.SEGMENT_OFFSETS, row); i < at(ShardSchema.SEGMENT_OFFSETS, row + 1); i++) {
            int segment = at(ShardSchema.SEGMENTS, i);
            require(segment > 0, "a sample of row " + row + " of a batch has " + segment + " tokens");
            sum += segment;
        }
        require(
                sum == length(row) && sum <= maxLength,
                "row " + row + " of a batch has " + length(row) + " tokens of at most " + maxLength
                        + ", its samples have " + sum);
    }

    /** Offsets begin at 0 and never fall or pass {@code end}. */
    private void checkOffsets(int buffer, int count, int end) {
        require(buffers[buffer].limit() >= (count + 1L) * Integer.BYTES, "buffer " + buffer + " is too short");
        require(at(buffer, 0) == 0, "buffer " + buffer + " does not begin at 0");
        for (int i = 0; i < count; i++) {
            require(at(buffer, i + 1) >= at(buffer, i), "buffer " + buffer + " falls at entry " + i);
        }
        require(at(buffer, count) <= end, "buffer " + buffer + " points behind its values");
    }

    private void checkSame(int one, int other) {
        int bytes = (rows + 1) * Integer.BYTES;
        require(
                buffers[other].limit() >= bytes && buffers[one].slice(0, bytes).equals(buffers[other].slice(0, bytes)),
                "buffers " + one + " and " + other + " do not agree");
    }

    private int at(int buffer, int index) {
        return buffers[buffer].getInt(index * Integer.BYTES);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw ShardDamage.of(file, otherwise);
        }
    }
}
