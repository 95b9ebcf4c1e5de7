package io.apus.model.tuner.lycoris;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.pytorch.GeneratorOptional;

/** Products of low-rank updates; files as those of peft 0.17, tuners/loha/config.py. */
public final class Loha implements AdapterMethod {
    public static final String PEFT_TYPE = "LOHA";

    private final LycorisSettings settings;

    private Loha(LycorisSettings settings) {
        this.settings = settings;
    }

    public static AdapterMethod of(TunerSpec spec) {
        InitialValues.requireUsual(spec);
        return new Loha(LycorisSettings.of(spec.lora()));
    }

    public static AdapterMethod of(PeftConfig config) {
        LycorisSettings settings = LycorisSettings.of(config);
        config.throwIfFaulty();
        return new Loha(settings);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        return (module, base) -> LohaProjection.around(module, base, settings, generator);
    }

    @Override
    public OptionalLong trainable(long inFeatures, long outFeatures) {
        return OptionalLong.of(2L * settings.rank() * (inFeatures + outFeatures));
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        settings.describe(config);
    }
}
