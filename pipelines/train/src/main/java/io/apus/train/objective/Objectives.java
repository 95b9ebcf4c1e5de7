package io.apus.train.objective;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import java.util.function.Supplier;

/** The objectives by name. */
public final class Objectives {
    public static final String CAUSAL_LM = "causal_lm";

    private static final Registry<Supplier<Objective>> OBJECTIVES =
            Registry.of("objective", entry(CAUSAL_LM, CausalLm::new));

    private Objectives() {}

    public static Objective of(String name) {
        return OBJECTIVES.get(name).get();
    }
}
