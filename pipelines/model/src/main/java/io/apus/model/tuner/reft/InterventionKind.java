package io.apus.model.tuner.reft;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import java.util.Set;

/**
 * The forms that an intervention h + R^T (source - R h) can take (Wu et al., 2024; pyreft interventions.py).
 *
 * @param orthonormal whether the rows of R are kept orthonormal
 * @param mapped whether the source is W h + b, otherwise b alone
 * @param replaces whether R h is taken away, otherwise the source is only added
 */
record InterventionKind(boolean orthonormal, boolean mapped, boolean replaces) {
    private static final Registry<InterventionKind> ALL = Registry.of(
            "reft_intervention_type",
            entry("LoreftIntervention", new InterventionKind(true, true, true)),
            entry("NoreftIntervention", new InterventionKind(false, true, true)),
            entry("ConsreftIntervention", new InterventionKind(true, false, true)),
            entry("LobireftIntervention", new InterventionKind(true, false, false)),
            entry("DireftIntervention", new InterventionKind(true, true, false)),
            entry("NodireftIntervention", new InterventionKind(false, true, false)));

    static InterventionKind named(String name) {
        return ALL.get(name);
    }

    static Set<String> names() {
        return ALL.names();
    }
}
