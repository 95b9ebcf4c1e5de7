package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.List;

/** Options of low-rank updates. */
@Group
public record LoraSpec(
        @Doc("rank of the low-rank update") Integer loraRank,
        @Doc("numerator of the update's scale, alpha / rank") Double loraAlpha,
        @Doc("dropout in front of the update") Double loraDropout,
        @Doc("train biases: none") String loraBias,
        @Doc("scale by alpha / sqrt(rank) instead") Boolean useRslora) {
    public LoraSpec {
        loraRank = orElse(loraRank, 8);
        loraAlpha = orElse(loraAlpha, 32.0);
        loraDropout = orElse(loraDropout, 0.05);
        loraBias = orElse(loraBias, "none");
        useRslora = orElse(useRslora, false);
        new Problems("tuner")
                .positive("lora_rank", loraRank)
                .positive("lora_alpha", loraAlpha)
                .require(
                        loraDropout >= 0 && loraDropout < 1,
                        "lora_dropout",
                        "must be at least 0 and below 1, is " + loraDropout)
                .oneOf("lora_bias", loraBias, List.of("none"))
                .throwIfAny();
    }

    static LoraSpec defaults() {
        return new LoraSpec(null, null, null, null, null);
    }
}
