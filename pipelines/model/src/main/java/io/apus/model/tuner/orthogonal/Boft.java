package io.apus.model.tuner.orthogonal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.OrthogonalSpec;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.pytorch.GeneratorOptional;

/** Orthogonal turns by butterflies; files as those of peft 0.17, tuners/boft/config.py. */
public final class Boft implements AdapterMethod {
    public static final String PEFT_TYPE = "BOFT";

    private final BoftSettings settings;

    private Boft(BoftSettings settings) {
        this.settings = settings;
    }

    public static AdapterMethod of(TunerSpec tuner) {
        InitialValues.requireUsual(tuner);
        OrthogonalSpec spec = tuner.methods().orthogonal();
        return new Boft(new BoftSettings(
                spec.boftBlockSize(), spec.boftBlockNum(), spec.boftNButterflyFactor(), spec.boftDropout()));
    }

    public static AdapterMethod of(PeftConfig config) {
        int size = config.get("boft_block_size").asInt(4);
        int blocks = config.get("boft_block_num").asInt(0);
        config.check(
                (blocks > 0 && size == 0) || (blocks == 0 && size > 0),
                "of boft_block_size " + size + " and boft_block_num " + blocks + " one must be 0");
        config.refuseBias();
        BoftSettings settings = new BoftSettings(
                size,
                blocks,
                config.positive("boft_n_butterfly_factor", 1),
                config.get("boft_dropout").asDouble(0));
        config.throwIfFaulty();
        return new Boft(settings);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        return (module, base) -> BoftProjection.around(module, base, settings);
    }

    @Override
    public OptionalLong trainable(long inFeatures, long outFeatures) {
        long size = settings.blockSize() != 0 ? settings.blockSize() : inFeatures / settings.blocks();
        return OptionalLong.of(settings.factors() * inFeatures * size + outFeatures);
    }

    /** Inputs are turned together. */
    @Override
    public boolean divides(ProjectionSlot linear, boolean byInputs, int ranks) {
        return !byInputs;
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        config.putNull("exclude_modules").putNull("layers_pattern").putNull("layers_to_transform");
        config.put("bias", "none").put("fan_in_fan_out", false).put("init_weights", true);
        config.put("boft_block_size", settings.blockSize()).put("boft_block_num", settings.blocks());
        config.put("boft_n_butterfly_factor", settings.factors()).put("boft_dropout", settings.dropout());
    }
}
