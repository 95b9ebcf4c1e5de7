package io.apus.model.tuner.orthogonal;

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

/** Orthogonal turns of inputs; files as those of peft 0.17, tuners/oft/config.py. */
public final class Oft implements AdapterMethod {
    public static final String PEFT_TYPE = "OFT";

    private final OftSettings settings;

    private Oft(OftSettings settings) {
        this.settings = settings;
    }

    public static AdapterMethod of(TunerSpec spec) {
        InitialValues.requireUsual(spec);
        return new Oft(OftSettings.of(spec.methods().orthogonal()));
    }

    public static AdapterMethod of(PeftConfig config) {
        OftSettings settings = OftSettings.of(config);
        config.throwIfFaulty();
        return new Oft(settings);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        return (module, base) -> OftProjection.around(module, base, settings);
    }

    @Override
    public OptionalLong trainable(long inFeatures, long outFeatures) {
        long size = settings.sizeFor(inFeatures);
        long blocks = settings.blockShare() ? 1 : inFeatures / size;
        return OptionalLong.of(blocks * size * (size - 1) / 2);
    }

    /** Inputs are turned together. */
    @Override
    public boolean divides(ProjectionSlot linear, boolean byInputs, int ranks) {
        return !byInputs;
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        settings.describe(config);
    }
}
