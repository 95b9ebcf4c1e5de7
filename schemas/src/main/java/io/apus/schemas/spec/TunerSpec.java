package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.Locale;

/** Which parameters are trained, and how they are attached: a group of options for each method. */
@Doc("which parameters are trained")
public record TunerSpec(
        @Doc(
                        "full, lora, loha, lokr, vera, oft, boft, ia3, fourierft, bone, miss, adapter, reft, llamapro, prompt_tuning or prefix_tuning")
                String tunerType,
        @Doc(
                        "how the added parameters begin: true (the method's own way), false, gaussian, pissa, pissa_niter_N, olora;"
                                + " for bone also bat")
                String initWeights,
        TargetSpec targets,
        LoraSpec lora,
        MethodSpec methods) {
    public TunerSpec {
        tunerType = orElse(tunerType, "lora");
        initWeights = orElse(initWeights, "true").toLowerCase(Locale.ROOT);
        targets = orElse(targets, TargetSpec.defaults());
        lora = orElse(lora, LoraSpec.defaults());
        methods = orElse(methods, MethodSpec.defaults());
    }

    /** {@code tunerType} with its defaults. */
    public static TunerSpec of(String tunerType) {
        return new TunerSpec(tunerType, null, null, null, null);
    }

    /** The same with other options of the kind given. */
    public TunerSpec with(TargetSpec targets) {
        return new TunerSpec(tunerType, initWeights, targets, lora, methods);
    }

    public TunerSpec with(LoraSpec lora) {
        return new TunerSpec(tunerType, initWeights, targets, lora, methods);
    }

    public TunerSpec with(MethodSpec methods) {
        return new TunerSpec(tunerType, initWeights, targets, lora, methods);
    }

    public TunerSpec startingAs(String initWeights) {
        return new TunerSpec(tunerType, initWeights, targets, lora, methods);
    }
}
