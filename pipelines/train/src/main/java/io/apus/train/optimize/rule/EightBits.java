package io.apus.train.optimize.rule;

import io.apus.tensor.Scope;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/** What bitsandbytes' 8-bit optimisers have in common. */
final class EightBits {
    /** Smaller weights keep 32-bit states: min_8bit_size. */
    private static final long SMALLEST = 4096;

    /** Works on some blocks of a weight. */
    interface Work {
        /**
         * Moves them.
         *
         * @param first block
         * @param part of the weight, flat, changed in place
         * @param gradient its gradient, [blocks, 256], filled up with zeros
         */
        void on(long first, Tensor part, Tensor gradient);
    }

    private EightBits() {}

    /** Small weights and embeddings are not: the trainer of transformers registers all embeddings as 32-bit. */
    static boolean allowed(String name, long[] shape) {
        return LongStream.of(shape).reduce(1, Math::multiplyExact) >= SMALLEST && !WeightNames.isEmbedding(name);
    }

    /** Goes over a weight in chunks, so that temporaries stay small. */
    static void eachChunk(Tensor weight, Tensor gradient, Work work) {
        Tensor flat = weight.view(-1);
        Tensor slope = gradient.flatten();
        long blocks = (flat.numel() + BlockwiseState.BLOCK - 1) / BlockwiseState.BLOCK;
        for (long first = 0; first < blocks; first += BlockwiseState.CHUNK) {
            try (Scope scope = Scope.open()) {
                long count = Math.min(BlockwiseState.CHUNK, blocks - first);
                long from = first * BlockwiseState.BLOCK;
                Tensor part = flat.narrow(0, from, Math.min(count * BlockwiseState.BLOCK, flat.numel() - from));
                work.on(first, part, BlockwiseState.cut(slope, first, count));
            }
        }
    }
}
