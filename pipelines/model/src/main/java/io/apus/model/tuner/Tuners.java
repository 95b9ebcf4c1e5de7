package io.apus.model.tuner;

import static io.apus.schemas.Registry.entry;

import io.apus.model.tuner.adalora.AdaLora;
import io.apus.model.tuner.bone.Bone;
import io.apus.model.tuner.bottleneck.BottleneckAdapter;
import io.apus.model.tuner.fourierft.FourierFt;
import io.apus.model.tuner.full.FullTuner;
import io.apus.model.tuner.ia3.Ia3;
import io.apus.model.tuner.llamapro.LlamaPro;
import io.apus.model.tuner.longlora.LongLora;
import io.apus.model.tuner.lora.Lora;
import io.apus.model.tuner.lycoris.Loha;
import io.apus.model.tuner.lycoris.Lokr;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.Tuner;
import io.apus.model.tuner.method.TunerKind;
import io.apus.model.tuner.orthogonal.Boft;
import io.apus.model.tuner.orthogonal.Oft;
import io.apus.model.tuner.prompt.PrefixTuning;
import io.apus.model.tuner.prompt.PromptTuning;
import io.apus.model.tuner.reft.Reft;
import io.apus.model.tuner.vera.Vera;
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
            entry("adalora", TunerKind.adapter(AdaLora.PEFT_TYPE, AdaLora::of, AdaLora::of)),
            entry("loha", TunerKind.adapter(Loha.PEFT_TYPE, Loha::of, Loha::of)),
            entry("lokr", TunerKind.adapter(Lokr.PEFT_TYPE, Lokr::of, Lokr::of)),
            entry("vera", TunerKind.adapter(Vera.PEFT_TYPE, Vera::of, Vera::of)),
            entry("oft", TunerKind.adapter(Oft.PEFT_TYPE, Oft::of, Oft::of)),
            entry("boft", TunerKind.adapter(Boft.PEFT_TYPE, Boft::of, Boft::of)),
            entry("ia3", TunerKind.adapter(Ia3.PEFT_TYPE, Ia3::of, Ia3::of)),
            entry("fourierft", TunerKind.adapter(FourierFt.PEFT_TYPE, FourierFt::of, FourierFt::of)),
            entry("bone", TunerKind.adapter(Bone.BONE, Bone::bone, Bone::of)),
            entry("miss", TunerKind.adapter(Bone.MISS, Bone::miss, Bone::of)),
            entry("adapter", new TunerKind(BottleneckAdapter.SWIFT_TYPE, BottleneckAdapter::of, BottleneckAdapter::of)),
            entry("reft", new TunerKind(Reft.SWIFT_TYPE, Reft::of, Reft::of)),
            entry("llamapro", new TunerKind(LlamaPro.SWIFT_TYPE, LlamaPro::of, LlamaPro::of)),
            entry("prompt_tuning", new TunerKind(PromptTuning.PEFT_TYPE, PromptTuning::of, PromptTuning::of)),
            entry("prefix_tuning", new TunerKind(PrefixTuning.PEFT_TYPE, PrefixTuning::of, PrefixTuning::of)));

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
