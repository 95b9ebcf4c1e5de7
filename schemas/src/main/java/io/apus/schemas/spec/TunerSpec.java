package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.Locale;

/** Which parameters are trained, and how they are attached: a group of options for each method. */
@Doc("which parameters are trained")
public record TunerSpec(
        @Doc(
                        "full, lora, longlora, adalora, loha, lokr, vera, oft, boft, ia3, fourierft, bone, miss, adapter, reft, llamapro,"
                                + " prompt_tuning or prefix_tuning")
                String tunerType,
        @Doc(
                        "how the added parameters begin: true (the method's own way), false, gaussian, pissa, pissa_niter_N, olora, loftq, lora-ga; for bone also bat")
                String initWeights,
        TargetSpec targets,
        LoraSpec lora,
        LoraGaSpec loraGa,
        AdaLoraSpec adalora,
        FreezeSpec freeze,
        MethodSpec methods) {
    public TunerSpec {
        tunerType = orElse(tunerType, "lora");
        initWeights = orElse(initWeights, "true").toLowerCase(Locale.ROOT);
        targets = orElse(targets, TargetSpec.defaults());
        lora = orElse(lora, LoraSpec.defaults());
        loraGa = orElse(loraGa, LoraGaSpec.defaults());
        adalora = orElse(adalora, AdaLoraSpec.defaults());
        freeze = orElse(freeze, FreezeSpec.defaults());
        methods = orElse(methods, MethodSpec.defaults());
        new Problems("tuner")
                .require(
                        !freeze.used() || tunerType.equals("full"),
                        "tuner_type",
                        "must be full where parameters are frozen or trained by name, is " + tunerType)
                .require(
                        targets.targetParameters().isEmpty() || tunerType.equals("lora"),
                        "target_parameters",
                        "is for tuner_type lora, not " + tunerType)
                .throwIfAny();
    }

    /** {@code tunerType} with its defaults. */
    public static TunerSpec of(String tunerType) {
        return new TunerSpec(tunerType, null, null, null, null, null, null, null);
    }
}
