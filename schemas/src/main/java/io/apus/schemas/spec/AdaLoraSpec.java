package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** Options of AdaLoRA beside LoRA's alpha, dropout and biases. */
@Group
public record AdaLoraSpec(
        @Doc("mean rank of AdaLoRA's updates at the end") Integer adaloraTargetR,
        @Doc("rank of each update at first") Integer adaloraInitR,
        @Doc("steps before the first rank is taken away") Integer adaloraTinit,
        @Doc("steps at the end in which ranks stay as they are") Integer adaloraTfinal,
        @Doc(value = "steps between two allocations of ranks", name = "adalora_deltaT") Integer adaloraDeltaT,
        @Doc("smoothing of the sensitivity of weights") Double adaloraBeta1,
        @Doc("smoothing of how unsure that sensitivity is") Double adaloraBeta2,
        @Doc("weight of the loss that keeps the factors orthogonal") Double adaloraOrthRegWeight) {
    public AdaLoraSpec {
        adaloraTargetR = orElse(adaloraTargetR, 8);
        adaloraInitR = orElse(adaloraInitR, 12);
        adaloraTinit = orElse(adaloraTinit, 0);
        adaloraTfinal = orElse(adaloraTfinal, 0);
        adaloraDeltaT = orElse(adaloraDeltaT, 1);
        adaloraBeta1 = orElse(adaloraBeta1, 0.85);
        adaloraBeta2 = orElse(adaloraBeta2, 0.85);
        adaloraOrthRegWeight = orElse(adaloraOrthRegWeight, 0.5);
        new Problems("tuner")
                .positive("adalora_target_r", adaloraTargetR)
                .require(
                        adaloraInitR >= adaloraTargetR,
                        "adalora_init_r",
                        "must be at least adalora_target_r, " + adaloraTargetR + ", is " + adaloraInitR)
                .notNegative("adalora_tinit", adaloraTinit)
                .notNegative("adalora_tfinal", adaloraTfinal)
                .positive("adalora_deltaT", adaloraDeltaT)
                .require(between(adaloraBeta1), "adalora_beta1", "must be above 0 and below 1, is " + adaloraBeta1)
                .require(between(adaloraBeta2), "adalora_beta2", "must be above 0 and below 1, is " + adaloraBeta2)
                .positive("adalora_orth_reg_weight", adaloraOrthRegWeight)
                .throwIfAny();
    }

    private static boolean between(double value) {
        return value > 0 && value < 1;
    }

    static AdaLoraSpec defaults() {
        return new AdaLoraSpec(null, null, null, null, null, null, null, null);
    }
}
