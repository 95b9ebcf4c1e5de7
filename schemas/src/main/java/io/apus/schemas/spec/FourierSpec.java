package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** Options of FourierFT. */
@Group
public record FourierSpec(
        @Doc("trained frequencies of each linear's update in FourierFT") Integer fourierNFrequency,
        @Doc("factor of FourierFT's update") Double fourierScaling) {
    public FourierSpec {
        fourierNFrequency = orElse(fourierNFrequency, 2000);
        fourierScaling = orElse(fourierScaling, 300.0);
        new Problems("tuner")
                .positive("fourier_n_frequency", fourierNFrequency)
                .positive("fourier_scaling", fourierScaling)
                .throwIfAny();
    }

    static FourierSpec defaults() {
        return new FourierSpec(null, null);
    }
}
