package io.apus.model.tuner;

import static io.apus.schemas.Registry.entry;

import io.apus.model.tuner.adalora.AdaLora;
import io.apus.model.tuner.full.FullTuner;
import io.apus.model.tuner.longlora.LongLora;
import io.apus.model.tuner.lora.Lora;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.Tuner;
import io.apus.model.tuner.method.TunerKind;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import java.util.Set;

/** The known tuners, by their names under tuner_type. */
public final class Tuners {
    private static final TunerKind LORA = TunerKind.adapter(Lora.PEFT_TYPE, Lora::of, Lora::of);
    private static final Registry<TunerKind> ALL = Registry.of(
            "tuner_type",
            entry("full", TunerKind.whole(FullTuner::of)),
            entry("lora", LORA),
            entry("longlora", LORA.within(LongLora::new)),
            entry("adalora", TunerKind.adapter(AdaLora.PEFT_TYPE, AdaLora::of, AdaLora::of)));

    private Tuners() {}

    public static Tuner of(TunerSpec spec) {
        return ALL.get(spec.tunerType()).fresh().apply(spec);
    }

    public static Set<String> names() {
        return ALL.names();
    }

    /** The kind of adapter that the tuner of {@code spec} leaves; empty for a whole model. */
    static String peftType(TunerSpec spec) {
        return ALL.get(spec.tunerType()).peftType();
    }

    /** The tuner that wrote an adapter, from what its config says: of those that leave the same files, the first. */
    static Tuner of(PeftConfig config) {
        List<TunerKind> adapters = ALL.names().stream()
                .map(ALL::get)
                .filter(kind -> !kind.peftType().isEmpty())
                .toList();
        return adapters.stream()
                .filter(kind -> kind.peftType().equals(config.peftType()))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "Cannot load adapter",
                        "peft_type is \"" + config.peftType() + "\"",
                        "Known: "
                                + String.join(
                                        ", ",
                                        adapters.stream()
                                                .map(TunerKind::peftType)
                                                .sorted()
                                                .toList())
                                + "."))
                .stored()
                .apply(config);
    }
}
