package io.apus.export.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.ModelConfig;
import io.apus.model.rope.RopeParameters;
import io.apus.schemas.UserError;
import java.util.LinkedHashMap;
import java.util.Map;

/** The model's shape as GGUF metadata, and back. Keys: ggml, docs/gguf.md; yarn and linear scaling as llama.cpp's converter writes them. */
final class GgufMetadata {
    private GgufMetadata() {}

    static Map<String, Object> of(ModelConfig config, GgufArchitecture architecture, String name, GgufType type) {
        Map<String, Object> result = new LinkedHashMap<>();
        String prefix = architecture.name() + ".";
        result.put("general.architecture", architecture.name());
        result.put("general.type", "model");
        result.put("general.name", name);
        result.put("general.file_type", type.fileType());
        result.put("general.quantization_version", 2);
        result.put("general.alignment", GgufWriter.ALIGNMENT);
        result.put(prefix + "block_count", config.numHiddenLayers());
        result.put(prefix + "context_length", contextLength(config));
        result.put(prefix + "embedding_length", config.hiddenSize());
        result.put(prefix + "feed_forward_length", config.intermediateSize());
        result.put(prefix + "attention.head_count", config.numAttentionHeads());
        result.put(prefix + "attention.head_count_kv", config.numKeyValueHeads());
        result.put(prefix + "attention.key_length", config.headDim());
        result.put(prefix + "attention.value_length", config.headDim());
        result.put(prefix + "attention.layer_norm_rms_epsilon", (float) config.rmsNormEps());
        result.put(prefix + "vocab_size", config.vocabSize());
        result.put(prefix + "rope.dimension_count", config.headDim());
        result.put(prefix + "rope.freq_base", (float) config.rope().theta());
        scaling(config.rope(), prefix, result);
        return result;
    }

    /** llama.cpp has no sliding window for these architectures: within the window nothing differs, so the context ends there. */
    private static int contextLength(ModelConfig config) {
        int length = config.maxPositionEmbeddings();
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            int window = config.slidingWindow(layer);
            length = window > 0 ? Math.min(length, window) : length;
        }
        return length;
    }

    private static void scaling(RopeParameters rope, String prefix, Map<String, Object> result) {
        switch (rope.type()) {
            case "default", "llama3" -> {}
            case "linear", "yarn" -> {
                result.put(prefix + "rope.scaling.type", rope.type());
                result.put(
                        prefix + "rope.scaling.factor",
                        rope.values().get("factor").floatValue());
                Double original = rope.values().get("original_max_position_embeddings");
                if (rope.type().equals("yarn")) {
                    result.put(
                            prefix + "rope.scaling.original_context_length",
                            original == null ? rope.maxPositionEmbeddings() : original.intValue());
                }
            }
            default ->
                throw new UserError(
                        "Cannot write GGUF",
                        "rope_scaling of type " + rope.type() + " has no counterpart there",
                        "Export to the Hugging Face format.");
        }
    }

    /**
     * The configuration that a reader of the file would use: every number that GGUF holds is taken from there, so that a wrong one
     * shows as a difference in the logits.
     */
    static ModelConfig toConfig(Map<String, Object> metadata, ModelConfig source) {
        String prefix = metadata.get("general.architecture") + ".";
        ObjectNode config = source.json();
        config.put("num_hidden_layers", (Integer) metadata.get(prefix + "block_count"));
        config.put("hidden_size", (Integer) metadata.get(prefix + "embedding_length"));
        config.put("intermediate_size", (Integer) metadata.get(prefix + "feed_forward_length"));
        config.put("num_attention_heads", (Integer) metadata.get(prefix + "attention.head_count"));
        config.put("num_key_value_heads", (Integer) metadata.get(prefix + "attention.head_count_kv"));
        config.put("head_dim", (Integer) metadata.get(prefix + "attention.key_length"));
        config.put("rms_norm_eps", (Float) metadata.get(prefix + "attention.layer_norm_rms_epsilon"));
        config.put("vocab_size", (Integer) metadata.get(prefix + "vocab_size"));
        if (!config.hasNonNull("rope_parameters")) {
            config.put("rope_theta", (Float) metadata.get(prefix + "rope.freq_base"));
        }
        return ModelConfig.of(config);
    }
}
