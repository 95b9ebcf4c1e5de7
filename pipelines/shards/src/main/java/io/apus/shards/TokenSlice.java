package io.apus.shards;

import java.nio.ByteBuffer;

/**
 * The tokens of one packed row where they lie in the mapped shard; nothing is copied.
 *
 * <p>The buffers are read-only, little-endian, positioned at 0 and limited to the row. They stay valid as long as they are referenced.
 *
 * @param inputIds N int32 token ids, 4 N bytes
 * @param lossWeights N float32 weights, 4 N bytes
 * @param segmentLengths tokens of each sample in order; they sum to N
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
public record TokenSlice(ByteBuffer inputIds, ByteBuffer lossWeights, int[] segmentLengths) {
    /** N. */
    public int length() {
        return inputIds.remaining() / Integer.BYTES;
    }

    public int[] copyInputIds() {
        int[] copy = new int[length()];
        inputIds.duplicate().order(inputIds.order()).asIntBuffer().get(copy);
        return copy;
    }

    public float[] copyLossWeights() {
        float[] copy = new float[length()];
        lossWeights.duplicate().order(lossWeights.order()).asFloatBuffer().get(copy);
        return copy;
    }
}
