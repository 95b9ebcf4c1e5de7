package io.apus.model.layer;

import io.apus.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Samples laid end to end without padding; attention stays within each segment.
 *
 * @param inputIds [tokens] int64
 * @param positionIds [tokens] int64
 * @param segmentLengths tokens of each sample, in order; they sum to the number of tokens
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record TokenBatch(Tensor inputIds, Tensor positionIds, int[] segmentLengths) {
    public TokenBatch {
        int total = Arrays.stream(segmentLengths).sum();
        if (inputIds.numel() != total || positionIds.numel() != total) {
            throw new IllegalArgumentException("segments of " + total + " tokens, but " + inputIds.numel()
                    + " input ids and " + positionIds.numel() + " position ids");
        }
        if (total == 0 || Arrays.stream(segmentLengths).anyMatch(length -> length < 1)) {
            throw new IllegalArgumentException("every segment needs a token: " + Arrays.toString(segmentLengths));
        }
    }

    /** Positions count from 0 in each segment. */
    public static TokenBatch of(long[] inputIds, int... segmentLengths) {
        int[] starts = new int[segmentLengths.length];
        return new TokenBatch(Torch.longs(inputIds), Torch.longs(positions(starts, segmentLengths)), segmentLengths);
    }

    public static TokenBatch of(long[] inputIds, long[] positionIds, int... segmentLengths) {
        return new TokenBatch(Torch.longs(inputIds), Torch.longs(positionIds), segmentLengths);
    }

    /** Each segment goes on where the cache's slot for it ends. */
    public static TokenBatch continuing(KvCache cache, long[] inputIds, int... segmentLengths) {
        int[] starts = new int[segmentLengths.length];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = cache.length(cache.slot(i));
        }
        return new TokenBatch(Torch.longs(inputIds), Torch.longs(positions(starts, segmentLengths)), segmentLengths);
    }

    public int tokens() {
        return Math.toIntExact(inputIds.numel());
    }

    private static long[] positions(int[] starts, int[] lengths) {
        long[] positions = new long[Arrays.stream(lengths).sum()];
        int row = 0;
        for (int segment = 0; segment < lengths.length; segment++) {
            for (int i = 0; i < lengths[segment]; i++) {
                positions[row++] = (long) starts[segment] + i;
            }
        }
        return positions;
    }
}
