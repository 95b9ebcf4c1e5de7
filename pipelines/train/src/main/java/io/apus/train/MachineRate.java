package io.apus.train;

/**
 * What a run's speed is compared with.
 *
 * @param flops float32 matrix-product operations a second of rank 0's machine, measured when nothing else ran; 0 on other ranks
 * @param operationsPerToken arithmetic of training on one token
 * @param ranks how many machines of that kind work together
 */
record MachineRate(double flops, double operationsPerToken, int ranks) {
    /** Model operations a second over what all ranks could multiply; recomputed activations do not count. NaN where it was not measured. */
    double share(double tokensPerSecond) {
        return flops == 0 ? Double.NaN : tokensPerSecond * operationsPerToken / (flops * ranks);
    }
}
