package io.apus.train.optimize;

import static io.apus.schemas.Registry.entry;

import io.apus.model.layer.Parameter;
import io.apus.schemas.Registry;
import io.apus.schemas.spec.TrainSpec;
import java.util.List;

/** The optimisers by the name that {@code optim} gives. */
public final class Optimisers {
    /** Makes an optimiser for some parameters from the training options. */
    private interface Maker {
        Optimiser of(List<Parameter> parameters, TrainSpec spec);
    }

    private static final Registry<Maker> MAKERS = Registry.of("optim", entry("adamw_torch", AdamW::new));

    private Optimisers() {}

    public static Optimiser of(List<Parameter> parameters, TrainSpec spec) {
        return MAKERS.get(spec.optim()).of(parameters, spec);
    }
}
