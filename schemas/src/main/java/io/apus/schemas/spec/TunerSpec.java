package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** Which parameters are trained, and how they are attached: a group of options for each method. */
@Doc("which parameters are trained")
public record TunerSpec(@Doc("full or lora") String tunerType, TargetSpec targets, LoraSpec lora) {
    public TunerSpec {
        tunerType = orElse(tunerType, "lora");
        targets = orElse(targets, TargetSpec.defaults());
        lora = orElse(lora, LoraSpec.defaults());
    }

    /** {@code tunerType} with its defaults. */
    public static TunerSpec of(String tunerType) {
        return new TunerSpec(tunerType, null, null);
    }
}
