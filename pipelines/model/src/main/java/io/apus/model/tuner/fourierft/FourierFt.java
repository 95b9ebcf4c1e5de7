package io.apus.model.tuner.fourierft;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.FourierSpec;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.pytorch.GeneratorOptional;

/** Updates made of a few frequencies; files as those of peft 0.17, tuners/fourierft/config.py. */
public final class FourierFt implements AdapterMethod {
    public static final String PEFT_TYPE = "FOURIERFT";
    /** PEFT's random_loc_seed. */
    private static final long USUAL_SEED = 777;

    /** The value of init_weights that starts at random. */
    private static final String RANDOM = "false";

    private final FourierSettings settings;

    private FourierFt(FourierSettings settings) {
        this.settings = settings;
    }

    public static AdapterMethod of(TunerSpec tuner) {
        FourierSpec spec = tuner.methods().fourier();
        return new FourierFt(
                new FourierSettings(spec.fourierNFrequency(), spec.fourierScaling(), USUAL_SEED, startsAtZero(tuner)));
    }

    private static boolean startsAtZero(TunerSpec tuner) {
        if (!tuner.initWeights().equals(RANDOM)) {
            InitialValues.requireUsual(tuner);
        }
        return !tuner.initWeights().equals(RANDOM);
    }

    public static AdapterMethod of(PeftConfig config) {
        config.refuse(List.of("n_frequency_pattern"));
        config.refuseBias();
        FourierSettings settings = new FourierSettings(
                config.positive("n_frequency", 1000),
                config.get("scaling").asDouble(150),
                config.get("random_loc_seed").asLong(USUAL_SEED),
                config.get("init_weights").asBoolean(false));
        config.throwIfFaulty();
        return new FourierFt(settings);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        return (module, base) -> FourierProjection.around(module, base, settings, generator);
    }

    @Override
    public OptionalLong trainable(long inFeatures, long outFeatures) {
        return OptionalLong.of(settings.frequencies());
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        config.putNull("exclude_modules").putNull("layers_pattern").putNull("layers_to_transform");
        config.putObject("n_frequency_pattern");
        config.put("bias", "none").put("fan_in_fan_out", false).put("init_weights", settings.startsAtZero());
        config.put("n_frequency", settings.frequencies()).put("scaling", settings.scaling());
        config.put("random_loc_seed", settings.seed());
    }
}
