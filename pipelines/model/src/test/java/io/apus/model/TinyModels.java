package io.apus.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Random;

/** Configs of a few thousand parameters; weights spread out enough for a wrong operation to show. */
public final class TinyModels {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TinyModels() {}

    public static ModelConfig config(String architecture, Map<String, Object> changes) {
        try {
            ObjectNode json = (ObjectNode) JSON.readTree(
                    """
                {"architectures": ["%s"], "vocab_size": 50, "hidden_size": 16, "intermediate_size": 24,
                 "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
                 "max_position_embeddings": 64, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "sliding_window": null,
                 "initializer_range": 0.3, "tie_word_embeddings": false, "eos_token_id": 2}
                """
                            .formatted(architecture));
            changes.forEach((key, value) -> json.set(key, JSON.valueToTree(value)));
            return ModelConfig.of(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static ModelConfig qwen3() {
        return config("Qwen3ForCausalLM", Map.of());
    }

    public static long[] ids(int count, long seed) {
        return new Random(seed).longs(count, 3, 50).toArray();
    }
}
