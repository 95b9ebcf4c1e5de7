package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;
import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;

/** Options of GaLore (Zhao et al., 2024) and Q-GaLore (Zhang et al., 2024): optimiser states in a low-rank subspace of the gradients. */
@Group
public record GaloreSpec(
        @Doc("keep the optimiser states of linear weights in a low-rank subspace of their gradients (GaLore)")
                Boolean useGalore,
        @Doc("linears by part of their name; all linears when not given") List<String> galoreTargetModules,
        @Doc("rank of the subspace") Integer galoreRank,
        @Doc("steps between two choices of the subspace") Integer galoreUpdateProjGap,
        @Doc("what a step is multiplied by on its way back from the subspace") Double galoreScale,
        @Doc("side of the weight that is projected: std, reverse_std, right, left or full") String galoreProjType,
        @Doc("a subspace for twice as long, as ms-swift has it; updates are one parameter at a time in any case")
                Boolean galoreOptimPerParameter,
        @Doc("the embedding too") Boolean galoreWithEmbedding,
        @Doc("Q-GaLore: 8-bit states, and a subspace that hardly turns is chosen anew less often")
                Boolean galoreQuantization,
        @Doc("Q-GaLore: quantise the projection") Boolean galoreProjQuant,
        @Doc("Q-GaLore: bits of a quantised projection, 4 or 8") Integer galoreProjBits,
        @Doc("Q-GaLore: numbers of a projection that share a scale") Integer galoreProjGroupSize,
        @Doc("Q-GaLore: mean cosine between the last subspaces from which they count as alike")
                Double galoreCosThreshold,
        @Doc("Q-GaLore: what the steps between two choices are then multiplied by") Integer galoreGammaProj,
        @Doc("Q-GaLore: how many choices the mean is taken over") Integer galoreQueueSize) {
    private static final List<String> SIDES = List.of("std", "reverse_std", "right", "left", "full");

    public GaloreSpec {
        useGalore = orElse(useGalore, false);
        galoreTargetModules = orEmpty(galoreTargetModules);
        galoreRank = orElse(galoreRank, 128);
        galoreUpdateProjGap = orElse(galoreUpdateProjGap, 50);
        galoreScale = orElse(galoreScale, 1.0);
        galoreProjType = orElse(galoreProjType, "std");
        galoreOptimPerParameter = orElse(galoreOptimPerParameter, false);
        galoreWithEmbedding = orElse(galoreWithEmbedding, false);
        galoreQuantization = orElse(galoreQuantization, false);
        galoreProjQuant = orElse(galoreProjQuant, false);
        galoreProjBits = orElse(galoreProjBits, 4);
        galoreProjGroupSize = orElse(galoreProjGroupSize, 256);
        galoreCosThreshold = orElse(galoreCosThreshold, 0.4);
        galoreGammaProj = orElse(galoreGammaProj, 2);
        galoreQueueSize = orElse(galoreQueueSize, 5);
        new Problems("train")
                .positive("galore_rank", galoreRank)
                .positive("galore_update_proj_gap", galoreUpdateProjGap)
                .positive("galore_scale", galoreScale)
                .oneOf("galore_proj_type", galoreProjType, SIDES)
                .require(
                        !galoreQuantization || galoreProjType.equals("std"),
                        "galore_proj_type",
                        "is std with galore_quantization")
                .require(
                        !(galoreQuantization && galoreOptimPerParameter),
                        "galore_optim_per_parameter",
                        "does not go with galore_quantization, which finds the time between two choices itself")
                .require(
                        galoreProjBits == 4 || galoreProjBits == 8,
                        "galore_proj_bits",
                        "must be 4 or 8, is " + galoreProjBits)
                .positive("galore_proj_group_size", galoreProjGroupSize)
                .positive("galore_gamma_proj", galoreGammaProj)
                .positive("galore_queue_size", galoreQueueSize)
                .throwIfAny();
    }

    /** Notes in {@code problems} where {@code optimizerOrNull} contradicts these. */
    void check(Problems problems, String optimizerOrNull) {
        problems.require(
                        !"galore".equals(optimizerOrNull) || useGalore,
                        "optimizer",
                        "galore is switched on by use_galore")
                .require(
                        !useGalore || optimizerOrNull == null || optimizerOrNull.equals("galore"),
                        "optimizer",
                        "must be galore or left out with use_galore, is " + optimizerOrNull);
    }

    static GaloreSpec defaults() {
        return new GaloreSpec(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }
}
