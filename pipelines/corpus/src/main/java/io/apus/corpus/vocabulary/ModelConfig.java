package io.apus.corpus.vocabulary;

import static io.apus.schemas.Registry.entry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.Registry;
import io.apus.schemas.spec.CreateModelSpec;

/** The {@code config.json} of a model made from scratch, with the keys that transformers writes for the family. */
final class ModelConfig {
    /** Model classes whose head width is free, with their {@code model_type}. */
    private static final Registry<String> MODEL_TYPES = Registry.of(
            "model.create.architecture",
            entry("Qwen3ForCausalLM", "qwen3"),
            entry("LlamaForCausalLM", "llama"),
            entry("MistralForCausalLM", "mistral"));

    private ModelConfig() {}

    /** @param vocabSize entries that the vocabulary really has */
    static ObjectNode of(CreateModelSpec spec, int vocabSize, int eosId, int padId) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("architectures").add(spec.architecture());
        config.put("attention_bias", false).put("attention_dropout", 0.0);
        config.putNull("bos_token_id").put("eos_token_id", eosId).put("pad_token_id", padId);
        config.put("head_dim", spec.headDim()).put("hidden_act", "silu").put("hidden_size", spec.hiddenSize());
        config.put("initializer_range", 0.02).put("intermediate_size", spec.intermediateSize());
        config.put("max_position_embeddings", spec.maxPositionEmbeddings());
        config.put("model_type", MODEL_TYPES.get(spec.architecture()));
        config.put("num_attention_heads", spec.numAttentionHeads());
        config.put("num_hidden_layers", spec.numHiddenLayers());
        config.put("num_key_value_heads", spec.numKeyValueHeads());
        config.put("rms_norm_eps", 1e-6).putNull("rope_scaling").put("rope_theta", spec.ropeTheta());
        config.putNull("sliding_window").put("use_sliding_window", false);
        config.put("tie_word_embeddings", spec.tieWordEmbeddings()).put("torch_dtype", "float32");
        config.put("use_cache", true).put("vocab_size", vocabSize);
        return config;
    }
}
