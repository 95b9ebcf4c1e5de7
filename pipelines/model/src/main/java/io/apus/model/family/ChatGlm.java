package io.apus.model.family;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import io.apus.model.rope.RopeParameters;
import java.util.List;
import java.util.Map;

/** ChatGLM 2 to 4 and CodeGeeX 2 to 4 (their own {@code ChatGLMForConditionalGeneration}): {@link Glm} under other names. */
final class ChatGlm {
    private ChatGlm() {}

    static Family family() {
        return Family.of(ChatGlm::build)
                .naming(Map.of(
                        "vocab_size", "padded_vocab_size",
                        "num_hidden_layers", "num_layers",
                        "intermediate_size", "ffn_hidden_size",
                        "head_dim", "kv_channels",
                        "num_key_value_heads", "multi_query_group_num",
                        "max_position_embeddings", "seq_length",
                        "rms_norm_eps", "layernorm_epsilon"))
                .assuming(Blueprint.values("partial_rotary_factor", 0.5, "rms_norm_eps", 1e-5))
                .ignoring("transformer\\.rotary_pos_emb\\.inv_freq");
    }

    private static Decoder build(Blueprint plan) {
        ConfigFields fields = plan.fields();
        fields.fixed("rmsnorm", true);
        fields.fixed("post_layer_norm", true);
        fields.fixed("multi_query_attention", true);
        fields.fixed("apply_residual_connection_post_layernorm", false);
        RopeParameters rope = plan.sizes().rope();
        Rotary rotary = new Rotary(rope.withTheta(rope.theta() * fields.number("rope_ratio", 1)), true);
        Embedding embedding = plan.embeddingWithoutPadding("transformer.embedding.word_embeddings");
        return new Decoder(
                embedding,
                plan.blocks("transformer.encoder.layers", layer -> block(plan, layer, rotary)),
                plan.rmsNorm("transformer.encoder.final_layernorm"),
                plan.head("transformer.output_layer", embedding, OutputHead.Shaping.NONE),
                List.of(rotary));
    }

    private static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        boolean bias = plan.fields().flag("add_bias_linear", false);
        boolean headBias = bias || plan.fields().flag("add_qkv_bias", false);
        return plan.block(
                layer,
                plan.attention(layer)
                        .biases(headBias, bias)
                        .fused("self_attention.query_key_value", false)
                        .output("self_attention.dense")
                        .rotary(rotary)
                        .build(),
                plan.fusedGatedMlp(layer.name("mlp.dense_h_to_4h"), layer.name("mlp.dense_4h_to_h"), bias));
    }
}
