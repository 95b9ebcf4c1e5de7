package io.apus.jobs.train;

import io.apus.model.ModelConfig;
import io.apus.model.WeightBytes;
import io.apus.schemas.spec.TrainSpec;
import io.apus.train.optimize.Optimisers;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Bytes that one rank holds beside its Java heap while it trains in float32.
 *
 * @param weights all parameters; quantised ones as they are stored
 * @param dequantised what a quantised weight takes while it is used
 * @param gradients one for each trained parameter
 * @param optimiser what the optimiser remembers; mapped files count too, though the kernel may write them out
 * @param activations what the backward pass needs of the forward pass of {@code tokens} tokens
 * @param logits the chunk of logits that exists at once, and its gradient towards the hidden states
 * @param checkpoint copy of what one rank writes while training goes on
 * @param libraries libtorch itself, the Java runtime and what the allocator keeps
 */
record MemoryEstimate(
        long weights,
        long dequantised,
        long gradients,
        long optimiser,
        long activations,
        long logits,
        long checkpoint,
        long libraries) {
    private static final long FLOAT = 4;
    private static final long LIBRARIES = 500L << 20;
    /** The loss takes its rows in chunks of at most this many logits, and at least 128 rows. */
    private static final long CHUNK_LOGITS = 40_000_000;

    private static final long MIB = 1 << 20;

    /**
     * The estimate for training with {@code spec}.
     *
     * @param trained shapes of the trained parameters, by name
     * @param tokens of one forward pass on one rank
     */
    static MemoryEstimate of(
            ModelConfig config, WeightBytes weights, Map<String, long[]> trained, long tokens, TrainSpec spec) {
        long numbers = trained.values().stream()
                .mapToLong(shape -> LongStream.of(shape).reduce(1, Math::multiplyExact))
                .sum();
        long chunkRows = Math.min(tokens, Math.max(128, Math.min(512, CHUNK_LOGITS / config.vocabSize())));
        long state = trained.isEmpty() ? 0 : Optimisers.stateBytes(trained, spec);
        return new MemoryEstimate(
                weights.floats() + weights.quantised(),
                weights.working(),
                FLOAT * numbers,
                state,
                FLOAT * tokens * floatsPerToken(config, spec.gradientCheckpointing()),
                FLOAT * (chunkRows * config.vocabSize() + 2 * tokens * config.hiddenSize()),
                copied(spec) ? (FLOAT * numbers + state) / spec.worldSize() : 0,
                LIBRARIES);
    }

    private static boolean copied(TrainSpec spec) {
        return spec.checkpoint().asyncSave() && !spec.saveStrategy().equals("no");
    }

    /** Without checkpointing every block's intermediate results stay; with it only its input, and the results of one block at a time. */
    private static long floatsPerToken(ModelConfig config, boolean checkpointing) {
        long queries = (long) config.numAttentionHeads() * config.headDim();
        long keys = (long) config.numKeyValueHeads() * config.headDim();
        // Of experts, those that one token is sent to.
        long between = config.described().blocks().stream()
                .mapToLong(layer -> layer.mlp().width())
                .max()
                .orElse(config.intermediateSize());
        long block = 6L * config.hiddenSize() + 4 * queries + 4 * keys + 4 * between;
        long layers = config.numHiddenLayers();
        long backward = block;
        return backward + (checkpointing ? layers * config.hiddenSize() + block : layers * block);
    }

    long total() {
        return weights + dequantised + gradients + optimiser + activations + logits + checkpoint + libraries;
    }

    static long mebibytes(long bytes) {
        return (bytes + MIB - 1) / MIB;
    }

    @Override
    public String toString() {
        return mebibytes(total()) + " MiB = weights " + mebibytes(weights)
                + (dequantised == 0 ? "" : " + dequantised " + mebibytes(dequantised)) + " + gradients "
                + mebibytes(gradients)
                + " + optimiser "
                + mebibytes(optimiser) + " + activations " + mebibytes(activations) + " + logits " + mebibytes(logits)
                + (checkpoint == 0 ? "" : " + copy of a checkpoint (async_save) " + mebibytes(checkpoint))
                + " + libraries "
                + mebibytes(libraries);
    }
}
