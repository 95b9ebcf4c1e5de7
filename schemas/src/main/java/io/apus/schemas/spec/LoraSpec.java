package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.List;

/** Options of low-rank updates. */
@Group
public record LoraSpec(
        @Doc("rank of the low-rank update") Integer loraRank,
        @Doc("numerator of the update's scale, alpha / rank") Double loraAlpha,
        @Doc("dropout in front of the update") Double loraDropout,
        @Doc("biases of the model that are trained too: none or all") String loraBias,
        @Doc("type of the updates; float32 on CPU") String loraDtype,
        @Doc("scale by alpha / sqrt(rank) instead") Boolean useRslora,
        @Doc("learn the length of weights apart from their direction (DoRA)") Boolean useDora,
        @Doc("LoRA+: what the learning rate of B is multiplied by, 10 to 16 advised; 1 when not given")
                Double lorapLrRatio) {
    public LoraSpec {
        loraRank = orElse(loraRank, 8);
        loraAlpha = orElse(loraAlpha, 32.0);
        loraDropout = orElse(loraDropout, 0.05);
        loraBias = orElse(loraBias, "none");
        useRslora = orElse(useRslora, false);
        useDora = orElse(useDora, false);
        Problems problems = new Problems("tuner")
                .positive("lora_rank", loraRank)
                .positive("lora_alpha", loraAlpha)
                .require(
                        loraDropout >= 0 && loraDropout < 1,
                        "lora_dropout",
                        "must be at least 0 and below 1, is " + loraDropout)
                .oneOf("lora_bias", loraBias, List.of("none", "all"));
        if (lorapLrRatio != null) {
            problems.positive("lorap_lr_ratio", lorapLrRatio);
        }
        if (loraDtype != null) {
            problems.oneOf("lora_dtype", loraDtype, List.of("float32", "bfloat16", "float16"))
                    .require(
                            loraDtype.equals("float32"),
                            "lora_dtype",
                            loraDtype + " is slower than float32 on a CPU and not offered there: leave it out");
        }
        problems.throwIfAny();
    }

    static LoraSpec defaults() {
        return new LoraSpec(null, null, null, null, null, null, null, null);
    }
}
