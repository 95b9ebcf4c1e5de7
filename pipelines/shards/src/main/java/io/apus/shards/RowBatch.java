package io.apus.shards;

import io.apus.schemas.data.PackedRow;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The rows of one record batch, column by column, until the batch is written. */
final class RowBatch {
    private final IntColumn tokenOffsets = new IntColumn();
    private final IntColumn ids = new IntColumn();
    private final IntColumn weights = new IntColumn();
    private final IntColumn segmentOffsets = new IntColumn();
    private final IntColumn segments = new IntColumn();
    private final IntColumn nameOffsets = new IntColumn();
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();
    private final IntColumn sums = new IntColumn();
    private int rows;

    RowBatch() {
        clear();
    }

    void add(PackedRow row) {
        ids.addAll(row.inputIds());
        weights.addAll(row.lossWeights());
        segments.addAll(row.segmentLengths());
        for (String id : row.sampleIds()) {
            names.writeBytes(id.getBytes(StandardCharsets.UTF_8));
            nameOffsets.add(names.size());
        }
        tokenOffsets.add(ids.size());
        segmentOffsets.add(segments.size());
        sums.add(row.lossWeightSum());
        rows++;
    }

    int rows() {
        return rows;
    }

    int tokens() {
        return ids.size();
    }

    int samples() {
        return segments.size();
    }

    void clear() {
        rows = 0;
        names.reset();
        for (IntColumn column : new IntColumn[] {ids, weights, segments, sums}) {
            column.clear();
        }
        for (IntColumn offsets : new IntColumn[] {tokenOffsets, segmentOffsets, nameOffsets}) {
            offsets.clear();
            offsets.add(0);
        }
    }

    /** Number of entries of each node, in the schema's order. */
    long[] nodeLengths() {
        return new long[] {rows, tokens(), rows, tokens(), rows, samples(), rows, samples(), rows};
    }

    /** Bytes of each buffer without padding, in the schema's order. */
    long[] bufferLengths() {
        long[] lengths = new long[ShardSchema.BUFFERS];
        lengths[ShardSchema.ID_OFFSETS] = tokenOffsets.bytes();
        lengths[ShardSchema.IDS] = ids.bytes();
        lengths[ShardSchema.WEIGHT_OFFSETS] = tokenOffsets.bytes();
        lengths[ShardSchema.WEIGHTS] = weights.bytes();
        lengths[ShardSchema.SEGMENT_OFFSETS] = segmentOffsets.bytes();
        lengths[ShardSchema.SEGMENTS] = segments.bytes();
        lengths[ShardSchema.SAMPLE_OFFSETS] = segmentOffsets.bytes();
        lengths[ShardSchema.SAMPLE_NAME_OFFSETS] = nameOffsets.bytes();
        lengths[ShardSchema.SAMPLE_NAMES] = names.size();
        lengths[ShardSchema.SUMS] = sums.bytes();
        return lengths;
    }

    /** Writes the buffers in the schema's order, each padded to the alignment. */
    void writeTo(ShardOutput output) {
        writeLists(output, tokenOffsets, ids);
        writeLists(output, tokenOffsets, weights);
        writeLists(output, segmentOffsets, segments);
        writeLists(output, segmentOffsets, nameOffsets);
        output.write(ByteBuffer.wrap(names.toByteArray()));
        output.align();
        sums.writeTo(output);
        output.align();
    }

    private static void writeLists(ShardOutput output, IntColumn offsets, IntColumn items) {
        offsets.writeTo(output);
        output.align();
        items.writeTo(output);
        output.align();
    }
}
