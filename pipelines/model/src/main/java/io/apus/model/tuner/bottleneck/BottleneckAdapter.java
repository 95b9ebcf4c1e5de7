package io.apus.model.tuner.bottleneck;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Activation;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.method.BlockMethod;
import io.apus.model.tuner.method.BlockTuner;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.ModuleNames;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.Targets;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;

/** A narrow network behind each feed-forward network; files as those of ms-swift, swift/tuners/adapter.py. */
public final class BottleneckAdapter implements BlockMethod {
    public static final String SWIFT_TYPE = "ADAPTER";
    /** ms-swift's name of an adapter that is given none. */
    private static final String MEMBER = ".adapter_default";
    /** The value of init_weights that starts as ms-swift does, near the base and not at it. */
    private static final String RANDOM = "false";

    private static final double BIAS_DEVIATION = 1e-6;

    private final int width;
    private final Activation activation;
    private final boolean startsAtTheBase;

    private BottleneckAdapter(int width, Activation activation, boolean startsAtTheBase) {
        this.width = width;
        this.activation = activation;
        this.startsAtTheBase = startsAtTheBase;
    }

    public static Tuner of(TunerSpec spec) {
        Targets.requireNone(spec);
        boolean random = spec.initWeights().equals(RANDOM);
        if (!random) {
            InitialValues.requireUsual(spec);
        }
        Activation activation = Activation.named(spec.methods().block().adapterAct());
        return new BlockTuner(new BottleneckAdapter(spec.methods().block().adapterLength(), activation, !random));
    }

    public static Tuner of(PeftConfig config) {
        int width = config.positive("adapter_length", 128);
        config.throwIfFaulty();
        Activation activation = Activation.named(config.get("act_layer").asText("gelu"));
        return new BlockTuner(new BottleneckAdapter(width, activation, true));
    }

    @Override
    public DecoderBlock around(DecoderModel model, int layer, GeneratorOptional generator) {
        DecoderBlock block = model.blocks().get(layer);
        long hidden = model.config().hiddenSize();
        String name = ModuleNames.of(block.mlp()) + MEMBER;
        // torch's xavier_uniform_
        double bound = Math.sqrt(6.0 / (hidden + width));
        List<Parameter> added = List.of(
                InitialValues.uniform(name + ".linear1.weight", generator, bound, width, hidden),
                InitialValues.normal(name + ".linear1.bias", generator, BIAS_DEVIATION, width),
                startsAtTheBase
                        ? InitialValues.constant(name + ".linear2.weight", 0, hidden, width)
                        : InitialValues.uniform(name + ".linear2.weight", generator, bound, hidden, width),
                InitialValues.normal(name + ".linear2.bias", generator, startsAtTheBase ? 0 : BIAS_DEVIATION, hidden));
        return block.with(new Bottleneck(block.mlp(), activation, added));
    }

    @Override
    public boolean owns(Parameter parameter) {
        return parameter.name().contains(MEMBER + ".");
    }

    @Override
    public void describe(ObjectNode config, DecoderModel model) {
        config.put("swift_type", SWIFT_TYPE).put("dim", model.config().hiddenSize());
        String first = ModuleNames.of(model.blocks().get(0).mlp());
        config.put("target_modules", first.replace(".", "\\.").replace("\\.0\\.", "\\.\\d+\\."));
        config.put("hidden_pos", 0).put("method_name", "forward");
        config.put("adapter_length", width).put("act_layer", activation.name());
    }
}
