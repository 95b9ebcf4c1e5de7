package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** Which parameters are trained, and how they are attached: a group of options for each method. */
@Doc("which parameters are trained")
public record TunerSpec(
        @Doc("full, lora, loha, lokr, vera, oft, boft, ia3, fourierft, bone or miss") String tunerType,
        TargetSpec targets,
        LoraSpec lora,
        MethodSpec methods) {
    public TunerSpec {
        tunerType = orElse(tunerType, "lora");
        targets = orElse(targets, TargetSpec.defaults());
        lora = orElse(lora, LoraSpec.defaults());
        methods = orElse(methods, MethodSpec.defaults());
    }

    /** {@code tunerType} with its defaults. */
    public static TunerSpec of(String tunerType) {
        return new TunerSpec(tunerType, null, null, null);
    }

    /** The same with other options of its methods. */
    public TunerSpec with(MethodSpec methods) {
        return new TunerSpec(tunerType, targets, lora, methods);
    }
}
