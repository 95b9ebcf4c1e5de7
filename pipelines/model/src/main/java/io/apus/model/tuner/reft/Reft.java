package io.apus.model.tuner.reft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.method.BlockMethod;
import io.apus.model.tuner.method.BlockTuner;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.ModuleNames;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.Targets;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.BlockSpec;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import java.util.stream.StreamSupport;
import org.bytedeco.pytorch.GeneratorOptional;

/**
 * Interventions on what layers give, at every token (Wu et al., 2024). The config has ms-swift's fields (swift/tuners/reft.py); the
 * weights are safetensors with pyreft's names, where pyreft itself writes pickles, which nothing here reads.
 */
public final class Reft implements BlockMethod {
    public static final String SWIFT_TYPE = "reft";
    private static final String MEMBER = ".reft";

    private final String type;
    private final InterventionKind kind;
    private final int rank;
    private final List<Integer> layers;

    /** {@code layers} by number; empty for all. */
    private Reft(String type, int rank, List<Integer> layers) {
        this.type = type;
        this.kind = InterventionKind.named(type);
        this.rank = rank;
        this.layers = layers;
    }

    public static Tuner of(TunerSpec tuner) {
        Targets.requireNone(tuner);
        InitialValues.requireUsual(tuner);
        BlockSpec spec = tuner.methods().block();
        List<Integer> layers = spec.reftLayers().stream().map(Double::intValue).toList();
        return new BlockTuner(new Reft(spec.reftInterventionType(), spec.reftRank(), layers));
    }

    public static Tuner of(PeftConfig config) {
        String type = config.get("intervention_type").asText("LoreftIntervention");
        config.check(InterventionKind.names().contains(type), "intervention_type is \"" + type + "\"");
        config.refuse(List.of("args"));
        int rank = config.positive("r", 4);
        config.throwIfFaulty();
        List<Integer> layers = StreamSupport.stream(config.get("layers").spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
        return new BlockTuner(new Reft(type, rank, layers));
    }

    @Override
    public void check(ModelConfig config) {
        int count = config.numHiddenLayers();
        if (layers.stream().anyMatch(number -> number >= count)) {
            throw new UserError(
                    "Cannot attach ReFT",
                    "reft_layers are " + layers + " and the model has " + count + " layers",
                    "Number them from 0.");
        }
    }

    @Override
    public DecoderBlock around(DecoderModel model, int layer, GeneratorOptional generator) {
        DecoderBlock block = model.blocks().get(layer);
        if (!layers.isEmpty() && !layers.contains(layer)) {
            return block;
        }
        String module = ModuleNames.ofLayer(layer, block.parameters().get(0)) + MEMBER;
        return block.with(Intervention.start(module, kind, model.config().hiddenSize(), rank, generator));
    }

    @Override
    public boolean owns(Parameter parameter) {
        return parameter.name().contains(MEMBER + ".");
    }

    @Override
    public void describe(ObjectNode config, DecoderModel model) {
        config.put("swift_type", SWIFT_TYPE).put("r", rank).put("intervention_type", type);
        config.putNull("layer_key").putNull("model_type").putObject("args");
        if (layers.isEmpty()) {
            config.putNull("layers");
        } else {
            layers.forEach(config.putArray("layers")::add);
        }
    }
}
