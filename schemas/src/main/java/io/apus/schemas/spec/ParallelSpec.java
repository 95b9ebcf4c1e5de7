package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;
import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How the ranks share the work of the model. */
@Group
public record ParallelSpec(
        @Doc(
                        "how ranks share the model, e.g. dp=2 tp=2: dp replicas, tp parts of each matrix, pp groups of layers, cp parts of each row, ep groups of experts; dp is what remains of world_size when not given. dp_shard: deepspeed or fsdp spread over so many ranks of dp x cp, and each such group has a copy of its own")
                Map<String, String> parallel,
        @Doc(
                        "zero1, zero2 or zero3 spread optimiser states, gradients and weights over the replicas; zero2_offload and zero3_offload keep them outside the GPU; zero0 spreads nothing")
                String deepspeed,
        FsdpSpec fsdp,
        PlacementSpec placement,
        @Doc("the same as parallel cp: ranks that share the tokens of a row") Integer sequenceParallelSize,
        @Doc("sum gradients over the ranks in bfloat16: half the bytes, an error of up to 1/256 for each rank")
                Boolean gradReduceInBf16,
        @Doc("largest MiB of gradients that are summed at once; by default 25, less for small models")
                Integer ddpBucketCapMb) {
    private static final String SHARD = "dp_shard";
    private static final List<String> SIZES = List.of("dp", "tp", "pp", "cp", "ep", SHARD);
    private static final List<String> STAGES =
            List.of("zero0", "zero1", "zero2", "zero3", "zero2_offload", "zero3_offload");
    private static final int LARGEST_BUCKET = 65_536;
    private static final String PARALLEL = "parallel";

    public ParallelSpec {
        parallel = orEmpty(parallel);
        fsdp = orElse(fsdp, FsdpSpec.none());
        placement = orElse(placement, PlacementSpec.none());
        sequenceParallelSize = orElse(sequenceParallelSize, 1);
        gradReduceInBf16 = orElse(gradReduceInBf16, false);
        Problems problems = new Problems("train")
                .oneOfIfGiven("deepspeed", deepspeed, STAGES)
                .require(
                        deepspeed == null || !fsdp.given(),
                        "fsdp",
                        "and deepspeed " + deepspeed + " both say what replicas keep a part of; give one of them")
                .positive("sequence_parallel_size", sequenceParallelSize)
                .require(
                        ddpBucketCapMb == null || (ddpBucketCapMb > 0 && ddpBucketCapMb <= LARGEST_BUCKET),
                        "ddp_bucket_cap_mb",
                        "must be from 1 to " + LARGEST_BUCKET + ", is " + ddpBucketCapMb)
                .require(
                        sequenceParallelSize == 1 || !parallel.containsKey("cp"),
                        "sequence_parallel_size",
                        "parallel cp says the same; give one of them");
        for (Map.Entry<String, String> size : parallel.entrySet()) {
            problems.oneOf(PARALLEL, size.getKey(), SIZES)
                    .require(
                            size.getValue().matches("[1-9]\\d{0,5}"),
                            PARALLEL,
                            size.getKey() + " must be a whole number above 0, is " + size.getValue());
        }
        problems.throwIfAny();
    }

    static ParallelSpec defaults() {
        return new ParallelSpec(null, null, null, null, null, null, null);
    }

    private void checkShard(Problems problems, ParallelPlan plan) {
        int same = plan.dp() * plan.cp();
        boolean given = parallel.containsKey(SHARD);
        problems.require(!given || plan.zero() > 0, PARALLEL, SHARD + " is about what deepspeed or fsdp spread")
                .require(
                        !given || same % plan.dpShard() == 0,
                        PARALLEL,
                        SHARD + " " + plan.dpShard() + " does not divide dp " + plan.dp() + " x cp " + plan.cp() + " = "
                                + same)
                .require(
                        !given || plan.dpShard() % plan.ep() == 0 || plan.ep() % plan.dpShard() == 0,
                        PARALLEL,
                        "of " + SHARD + " " + plan.dpShard() + " and ep " + plan.ep() + " one must divide the other");
    }

    /** Notes in {@code problems} why {@code worldSize} ranks cannot share the work so. */
    void check(Problems problems, int worldSize) {
        ParallelPlan plan = plan(worldSize);
        String product = "dp " + plan.dp() + " x tp " + plan.tp() + " x pp " + plan.pp() + " x cp " + plan.cp();
        problems.require(
                        !placement.given() || (!plan.divides() && plan.zero() == 0),
                        "device_map",
                        "spreads whole layers of whole models: it does not go with deepspeed, fsdp, tp, pp or ep")
                .require(
                        plan.ranks() == worldSize,
                        PARALLEL,
                        product + " = " + plan.ranks() + " ranks, world_size is " + worldSize)
                .require(
                        plan.dp() * plan.cp() % plan.ep() == 0,
                        PARALLEL,
                        "ep " + plan.ep() + " does not divide dp " + plan.dp() + " x cp " + plan.cp() + " = "
                                + plan.dp() * plan.cp());
        checkShard(problems, plan);
    }

    /** What says that replicas keep parts, for messages. */
    public String spread() {
        return fsdp.given() ? "fsdp " + fsdp.fsdp() : "deepspeed " + deepspeed;
    }

    /** Whether fsdp asks for activations to be recomputed, whatever gradient_checkpointing says. */
    boolean recomputes() {
        return fsdp.activationCheckpointing();
    }

    /** What the options come to for {@code worldSize} ranks. */
    public ParallelPlan plan(int worldSize) {
        Map<String, Integer> sizes = new TreeMap<>();
        parallel.forEach((name, size) -> sizes.put(name, Integer.valueOf(size)));
        int tp = sizes.getOrDefault("tp", 1);
        int pp = sizes.getOrDefault("pp", 1);
        int cp = sizes.getOrDefault("cp", sequenceParallelSize);
        int rest = Math.max(1, worldSize / (tp * pp * cp));
        String stage = orElse(deepspeed, "zero0");
        int zero = fsdp.given() ? fsdp.stage() : stage.charAt("zero".length()) - '0';
        boolean offload = fsdp.offload() || stage.endsWith("_offload");
        int dp = sizes.getOrDefault("dp", rest);
        return new ParallelPlan(
                dp,
                tp,
                pp,
                cp,
                sizes.getOrDefault("ep", 1),
                sizes.getOrDefault(SHARD, fsdp.byHost() ? 0 : dp * cp),
                zero,
                offload,
                offload && zero == 3);
    }
}
