package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** Options of LISA (Pan et al., 2024): full tuning in which only some layers, drawn anew from time to time, learn at once. */
@Group
public record LisaSpec(
        @Doc("LISA: layers that learn at a time beside embedding, last norm and head; 0 switches it off")
                Integer lisaActivatedLayers,
        @Doc("LISA: steps after which other layers are drawn") Integer lisaStepInterval) {
    public LisaSpec {
        lisaActivatedLayers = orElse(lisaActivatedLayers, 0);
        lisaStepInterval = orElse(lisaStepInterval, 20);
        new Problems("train")
                .notNegative("lisa_activated_layers", lisaActivatedLayers)
                .positive("lisa_step_interval", lisaStepInterval)
                .throwIfAny();
    }

    static LisaSpec defaults() {
        return new LisaSpec(null, null);
    }
}
