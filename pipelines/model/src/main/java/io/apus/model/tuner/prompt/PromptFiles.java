package io.apus.model.tuner.prompt;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.ModelConfig;
import io.apus.model.layer.GatedDeltaNet;
import io.apus.model.layer.TokenMixer;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Targets;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** The files of prompt and prefix tuning as peft 0.17 lays them out: one tensor, and a config without targets. */
final class PromptFiles {
    static final String TENSOR = "prompt_embeddings";
    private static final ObjectMapper JSON = new ObjectMapper();

    private PromptFiles() {}

    /** How many virtual tokens are asked for; neither method has targets or starts of its own. */
    static int count(TunerSpec spec) {
        Targets.requireNone(spec);
        InitialValues.requireUsual(spec);
        return spec.methods().prompt().numVirtualTokens();
    }

    /** How many there are. */
    static int count(PeftConfig config) {
        int count = config.positive("num_virtual_tokens", 0);
        int modules = config.get("num_transformer_submodules").asInt(1);
        config.check(modules == 1, "num_transformer_submodules is " + modules);
        config.throwIfFaulty();
        return count;
    }

    /** The fields that both methods have. */
    static ObjectNode config(String peftType, int count, String baseModel, ModelConfig model) {
        ObjectNode config = JSON.createObjectNode();
        config.putNull("auto_mapping").putNull("modules_to_save").putNull("revision");
        config.put("base_model_name_or_path", baseModel).put("inference_mode", true);
        config.put("peft_type", peftType).put("task_type", "CAUSAL_LM");
        config.put("num_layers", model.numHiddenLayers()).put("num_transformer_submodules", 1);
        return config.put("num_virtual_tokens", count);
    }

    /** Refuses layers that hand states on in a recurrence, which nothing in front of a sample enters here. */
    static void requireAttention(ModelConfig model) {
        if (model.described().blocks().stream().anyMatch(block -> block.mixer() instanceof GatedDeltaNet)) {
            throw new UserError(
                    "Cannot attach virtual tokens",
                    "layers of " + model.architecture() + " mix tokens without attention",
                    "Set tuner_type lora.");
        }
    }

    static void write(Path folder, ObjectNode config, Tensor values) {
        PeftFiles.write(folder, PeftConfig.sorted(config), new TreeMap<>(Map.of(TENSOR, values)));
    }

    /** Heads whose keys and values a prefix has in each layer; those of the first layer stand for all, as in PEFT. */
    static TokenMixer.CacheShape heads(ModelConfig model) {
        return model.described().blocks().get(0).mixer().cacheShape();
    }
}
