package io.apus.eval;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;

/** Small random models to measure. */
public final class TinyModels {
    public static final int VOCABULARY = 300;
    public static final int CONTEXT = 96;

    private TinyModels() {}

    /** A Qwen3-shaped decoder whose weights are spread out enough for choices to differ. */
    public static DecoderModel qwen3() {
        return DecoderModel.random(
                ModelConfig.parse(
                        """
                        {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "vocab_size": %d, "hidden_size": 32,
                         "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
                         "head_dim": 8, "max_position_embeddings": %d, "rope_theta": 10000.0, "rms_norm_eps": 1e-6,
                         "tie_word_embeddings": true, "hidden_act": "silu", "initializer_range": 0.4, "eos_token_id": 2}
                        """
                                .formatted(VOCABULARY, CONTEXT)),
                7);
    }
}
