package io.apus.model.layer;

import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Samples laid end to end without padding; attention stays within each segment.
 *
 * @param inputIds [tokens] int64
 * @param positionIds [tokens] int64
 * @param segmentLengths tokens of each sample, in order; they sum to the number of tokens
 * @param leading tokens of the first segment where all others see it, otherwise 0
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record TokenBatch(Tensor inputIds, Tensor positionIds, int[] segmentLengths, int leading) {
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

    public TokenBatch(Tensor inputIds, Tensor positionIds, int[] segmentLengths) {
        this(inputIds, positionIds, segmentLengths, 0);
    }

    /** The same behind {@code rows} more that all segments see, at the positions from 0; their ids stand for nothing. */
    TokenBatch ledBy(int rows) {
        int[] lengths = new int[segmentLengths.length + 1];
        lengths[0] = rows;
        System.arraycopy(segmentLengths, 0, lengths, 1, segmentLengths.length);
        Tensor ids = torch.cat(new TensorVector(inputIds.new_zeros(rows), inputIds), 0);
        Tensor front = Device.of(positionIds).longs(positions(new int[1], new int[] {rows}));
        return new TokenBatch(ids, torch.cat(new TensorVector(front, positionIds), 0), lengths, rows);
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

    /** The same batch with its ids on {@code device}: itself where they are there. */
    public TokenBatch on(Device device) {
        return Device.of(inputIds).equals(device)
                ? this
                : new TokenBatch(device.take(inputIds), device.take(positionIds), segmentLengths, leading);
    }

    /** Some tokens, where they stand; their segments are not told apart any more. */
    public TokenBatch part(TokenPart part) {
        if (part.count() == tokens()) {
            return this;
        }
        return new TokenBatch(part.of(inputIds), part.of(positionIds), new int[] {part.count()});
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
