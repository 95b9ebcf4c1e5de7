package io.apus.model.tuner;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import io.apus.schemas.spec.TunerSpec;
import java.util.Set;
import java.util.function.Function;

/** The known tuners, by their names under tuner_type. */
public final class Tuners {
    private static final Registry<Function<TunerSpec, Tuner>> ALL =
            Registry.of("tuner_type", entry("full", FullTuner::of), entry("lora", LoraTuner::of));

    private Tuners() {}

    public static Tuner of(TunerSpec spec) {
        return ALL.get(spec.tunerType()).apply(spec);
    }

    public static Set<String> names() {
        return ALL.names();
    }
}
