package io.apus.bench.gpu;

import static io.apus.schemas.Registry.entry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.ModelConfig;
import io.apus.schemas.Registry;

/** The shapes of Qwen2.5's models as their config.json files have them, by size. */
public record QwenShape(
        int vocabSize, int hiddenSize, int intermediateSize, int layers, int heads, int keyValueHeads, boolean tied) {
    private static final Registry<QwenShape> SIZES = Registry.of(
            "model size",
            entry("tiny", new QwenShape(320, 64, 128, 2, 4, 2, true)),
            entry("0.5b", new QwenShape(151_936, 896, 4864, 24, 14, 2, true)),
            entry("1.5b", new QwenShape(151_936, 1536, 8960, 28, 12, 2, true)),
            entry("7b", new QwenShape(152_064, 3584, 18_944, 28, 28, 4, false)));

    public static QwenShape named(String size) {
        return SIZES.get(size);
    }

    /** Its config.json, resolved. */
    public ModelConfig config() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add("Qwen2ForCausalLM");
        json.put("model_type", "qwen2").put("vocab_size", vocabSize).put("hidden_size", hiddenSize);
        json.put("intermediate_size", intermediateSize).put("num_hidden_layers", layers);
        json.put("num_attention_heads", heads).put("num_key_value_heads", keyValueHeads);
        json.put("hidden_act", "silu").put("max_position_embeddings", 32_768);
        json.put("rms_norm_eps", 1e-6).put("rope_theta", 1e6).put("initializer_range", 0.02);
        json.put("tie_word_embeddings", tied);
        return ModelConfig.of(json);
    }
}
