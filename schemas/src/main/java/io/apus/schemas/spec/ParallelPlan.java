package io.apus.schemas.spec;

/**
 * How ranks share the work of a model: {@code dp * tp * pp * cp} of them.
 *
 * @param dp replicas of the model, which train on different rows
 * @param tp ranks that share every matrix of a replica (Shoeybi et al., "Megatron-LM", 2019)
 * @param pp ranks that share the layers of a replica (Narayanan et al., 2021)
 * @param cp ranks that share the tokens of a row (Jacobs et al., "DeepSpeed Ulysses", 2023; Liu et al., "Ring Attention", 2023)
 * @param ep ranks of dp * cp that share the experts of a mixture
 * @param dpShard ranks of dp * cp that keep one copy of what is spread, a part each, while other such ranks keep other copies (FSDP's HYBRID_SHARD;
 *     Zhang et al., "MiCS", 2022): all of them where there is one copy, 0 for those on the same host
 * @param zero what replicas keep a part of: 0 nothing, 1 optimiser states, 2 gradients too, 3 weights too (Rajbhandari et al., "ZeRO", 2020)
 * @param offloadOptimiser keep the optimiser's states outside the device, in the host's memory
 * @param offloadWeights keep sharded weights outside the device too
 */
public record ParallelPlan(
        int dp,
        int tp,
        int pp,
        int cp,
        int ep,
        int dpShard,
        int zero,
        boolean offloadOptimiser,
        boolean offloadWeights) {
    /** With one copy of what is spread. */
    public ParallelPlan(
            int dp, int tp, int pp, int cp, int ep, int zero, boolean offloadOptimiser, boolean offloadWeights) {
        this(dp, tp, pp, cp, ep, dp * cp, zero, offloadOptimiser, offloadWeights);
    }

    /** Every rank a replica that keeps everything. */
    public static ParallelPlan replicas(int dp) {
        return new ParallelPlan(dp, 1, 1, 1, 1, 0, false, false);
    }

    /** Whether a rank keeps less than a whole model's weights. */
    public boolean divides() {
        return tp * pp * ep > 1 || zero == 3;
    }

    public int ranks() {
        return dp * tp * pp * cp;
    }
}
