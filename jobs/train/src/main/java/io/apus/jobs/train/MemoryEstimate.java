package io.apus.jobs.train;

/**
 * Bytes that one rank holds beside its Java heap while it trains in float32, of what its plan leaves to it.
 *
 * @param weights its parameters; quantised ones as they are stored
 * @param dequantised what a quantised weight takes while it is used
 * @param gradients one for each of its trained numbers
 * @param optimiser what the optimiser remembers; mapped files count too, though the kernel may write them out
 * @param activations what the backward pass needs of the forward pass
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
    private static final long MIB = 1 << 20;
    /** CUDA's context in the host's memory, and the code of libtorch for it. */
    private static final long CUDA_LIBRARIES = 3L << 30;

    long total() {
        return weights + dequantised + gradients + optimiser + activations + logits + checkpoint + libraries;
    }

    /**
     * What of it lies in the host's memory where a GPU computes: weights while they are read, and what is kept or written there.
     *
     * @param optimiserInHost whether the optimiser's states stay there
     */
    MemoryEstimate besideGpu(boolean optimiserInHost) {
        return new MemoryEstimate(
                weights, 0, 0, optimiserInHost ? optimiser : 0, 0, 0, checkpoint, libraries + CUDA_LIBRARIES);
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
