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

/** Kronecker products as updates; files as those of peft 0.17, tuners/lokr/config.py. */
public final class Lokr implements AdapterMethod {
    public static final String PEFT_TYPE = "LOKR";

    private final LokrSettings settings;

    private Lokr(LokrSettings settings) {
        this.settings = settings;
    }

    public static AdapterMethod of(TunerSpec spec) {
        InitialValues.requireUsual(spec);
        return new Lokr(new LokrSettings(LycorisSettings.of(spec.lora()), false, -1, false));
    }

    public static AdapterMethod of(PeftConfig config) {
        int factor = config.get("decompose_factor").asInt(-1);
        config.check(factor == -1 || factor > 0, "decompose_factor is " + factor);
        LokrSettings settings = new LokrSettings(
                LycorisSettings.of(config),
                config.get("decompose_both").asBoolean(false),
                factor,
                config.get("rank_dropout_scale").asBoolean(false));
        config.throwIfFaulty();
        return new Lokr(settings);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        return (module, base) -> LokrProjection.around(module, base, settings, generator);
    }

    @Override
    public OptionalLong trainable(long inFeatures, long outFeatures) {
        return OptionalLong.of(LokrProjection.count(settings, inFeatures, outFeatures));
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        settings.common().describe(config);
        config.put("decompose_both", settings.decomposeBoth());
        config.put("decompose_factor", settings.decomposeFactor());
        config.put("rank_dropout_scale", settings.rankDropoutScale());
    }
}
