package io.apus.bench.train;

import static io.apus.schemas.Registry.entry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.ModelConfig;
import io.apus.schemas.Registry;

/** Qwen3-shaped decoders with tied embeddings, by a name that tells their size. */
public record ModelSize(
        int vocabSize, int hiddenSize, int intermediateSize, int layers, int heads, int keyValueHeads, int headDim) {
    private static final int LONGEST = 32_768;
    private static final Registry<ModelSize> SIZES = Registry.of(
            "model size",
            entry("tiny", new ModelSize(320, 32, 64, 2, 4, 2, 8)),
            entry("nano", new ModelSize(2048, 192, 512, 6, 6, 2, 32)),
            entry("20m", new ModelSize(16_384, 384, 1024, 8, 6, 2, 64)),
            entry("100m", new ModelSize(32_000, 768, 2048, 12, 12, 4, 64)));

    /** The size called {@code name}; nano is the quickstart's. */
    public static ModelSize named(String name) {
        return SIZES.get(name);
    }

    /** Its config.json, resolved. */
    public ModelConfig config() {
        return ModelConfig.of(json());
    }

    /** As {@link #config()}, with {@code experts} in every block, of which a token sees two. */
    public ModelConfig mixture(int experts) {
        ObjectNode json = json();
        json.putArray("architectures").add("Qwen3MoeForCausalLM");
        json.put("model_type", "qwen3_moe").put("num_experts", experts).put("num_experts_per_tok", 2);
        json.put("moe_intermediate_size", intermediateSize / 2).put("norm_topk_prob", true);
        json.put("decoder_sparse_step", 1).putArray("mlp_only_layers");
        return ModelConfig.of(json);
    }

    /** The same experts in one tensor for all of them (Granite's). */
    public ModelConfig bank(int experts) {
        ObjectNode json = json();
        json.putArray("architectures").add("GraniteMoeForCausalLM");
        json.put("model_type", "granitemoe").put("num_local_experts", experts).put("num_experts_per_tok", 2);
        json.put("intermediate_size", intermediateSize / 2);
        return ModelConfig.of(json);
    }

    private ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add("Qwen3ForCausalLM");
        json.put("model_type", "qwen3").put("vocab_size", vocabSize).put("hidden_size", hiddenSize);
        json.put("intermediate_size", intermediateSize).put("num_hidden_layers", layers);
        json.put("num_attention_heads", heads).put("num_key_value_heads", keyValueHeads);
        json.put("head_dim", headDim).put("hidden_act", "silu").put("max_position_embeddings", LONGEST);
        json.put("rms_norm_eps", 1e-6).put("rope_theta", 1e6).put("initializer_range", 0.02);
        json.put("tie_word_embeddings", true).put("attention_bias", false);
        return json;
    }
}
