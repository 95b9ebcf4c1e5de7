package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;
import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;

/** Which parameters are trained, and how they are attached. */
@Doc("which parameters are trained")
public record TunerSpec(
        @Doc("full or lora") String tunerType,
        @Doc("rank of the low-rank update") Integer loraRank,
        @Doc("numerator of the update's scale, alpha / rank") Double loraAlpha,
        @Doc("dropout in front of the update") Double loraDropout,
        @Doc("train biases: none") String loraBias,
        @Doc("scale by alpha / sqrt(rank) instead") Boolean useRslora,
        @Doc("linears by name suffix, or all-linear") List<String> targetModules,
        @Doc("a regular expression over whole linear names; wins over target_modules") String targetRegex,
        @Doc("modules trained and saved in full beside the adapter, e.g. lm_head, embed_tokens")
                List<String> modulesToSave) {
    public TunerSpec {
        tunerType = orElse(tunerType, "lora");
        loraRank = orElse(loraRank, 8);
        loraAlpha = orElse(loraAlpha, 32.0);
        loraDropout = orElse(loraDropout, 0.05);
        loraBias = orElse(loraBias, "none");
        useRslora = orElse(useRslora, false);
        targetModules =
                targetModules == null || targetModules.isEmpty() ? List.of("all-linear") : List.copyOf(targetModules);
        modulesToSave = orEmpty(modulesToSave);
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
}
