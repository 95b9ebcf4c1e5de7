package io.apus.train.optimize.rule;

import io.apus.tensor.DType;
import io.apus.tensor.Torch;
import java.util.SortedMap;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * As many numbers as a weight has, in 8 bits each and a float32 scale for every 256 of them, the block size of bitsandbytes' 8-bit
 * optimisers. The last block is filled up with zeros.
 */
final class BlockwiseState {
    static final long BLOCK = 256;
    /** Blocks worked on at a time: temporaries of one MiB numbers each. */
    static final long CHUNK = 4096;

    private final DynamicCode code;
    private final Tensor codes;
    private final Tensor largest;

    BlockwiseState(DynamicCode code, long[] shape, Memory memory) {
        this.code = code;
        long blocks = blocks(shape);
        this.codes = memory.zeros(DType.U8, blocks, BLOCK);
        this.largest = memory.floats(blocks);
    }

    static long blocks(long[] shape) {
        return (LongStream.of(shape).reduce(1, Math::multiplyExact) + BLOCK - 1) / BLOCK;
    }

    void describe(SortedMap<String, Tensor> state, int number) {
        state.put("state" + number, codes);
        state.put("absmax" + number, largest);
    }

    /** Some blocks, [blocks, 256] float32. */
    Tensor read(long first, long blocks) {
        Tensor scales = largest.narrow(0, first, blocks).unsqueeze(1);
        return code.decode(codes.narrow(0, first, blocks)).mul_(scales);
    }

    /** Overwrites some blocks. */
    void write(long first, Tensor values) {
        long blocks = values.size(0);
        Tensor scales = values.abs().amax(new long[] {1}, true);
        Tensor divisors = scales.add(scales.eq(Torch.scalar(0)).to(torch.ScalarType.Float));
        codes.narrow(0, first, blocks).copy_(code.encode(values.div(divisors)));
        largest.narrow(0, first, blocks).copy_(scales.squeeze(1));
    }

    /** The same blocks of a flat tensor, copied, [blocks, 256]. */
    static Tensor cut(Tensor flat, long first, long blocks) {
        long from = first * BLOCK;
        long count = Math.min(blocks * BLOCK, flat.numel() - from);
        Tensor part = flat.narrow(0, from, count);
        return torch.constant_pad_nd(part, 0, blocks * BLOCK - count).view(blocks, BLOCK);
    }

    /** What {@link #cut} gave, without the filling, flat. */
    static Tensor uncut(Tensor blocks, long count) {
        return blocks.flatten().narrow(0, 0, count);
    }
}
