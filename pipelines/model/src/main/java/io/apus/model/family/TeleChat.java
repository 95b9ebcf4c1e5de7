package io.apus.model.family;

import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.FusedKeyValue;
import io.apus.model.layer.GatedMlp;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Rotary;
import io.apus.model.rope.RopeParameters;
import java.util.List;
import java.util.Map;

/** TeleChat and TeleChat2 (their own {@code TelechatForCausalLM}): keys and values from one map, biases after attention and network. */
final class TeleChat {
    private TeleChat() {}

    static Family family() {
        return Family.of(TeleChat::build)
                .naming(Map.of(
                        "num_hidden_layers", "n_layer",
                        "num_attention_heads", "n_head",
                        "intermediate_size", "ffn_hidden_size",
                        "max_position_embeddings", "seq_length",
                        "rms_norm_eps", "layer_norm_epsilon"))
                .assuming(Blueprint.values("rms_norm_eps", 1e-5));
    }

    private static Decoder build(Blueprint plan) {
        plan.fields().fixed("apply_residual_connection_post_layernorm", false);
        plan.fields().fixed("embed_layernorm", false);
        Rotary rotary = rotary(plan);
        Embedding embedding = plan.embeddingWithoutPadding("transformer.word_embeddings");
        return new Decoder(
                embedding,
                plan.blocks("transformer.h", layer -> block(plan, layer, rotary)),
                plan.rmsNorm("transformer.ln_f"),
                plan.head("lm_head", embedding, OutputHead.Shaping.NONE),
                List.of(rotary));
    }

    /** The base grows where the model was trained on longer texts than at first. */
    private static Rotary rotary(Blueprint plan) {
        RopeParameters rope = plan.sizes().rope();
        ConfigFields fields = plan.fields();
        double stretch = fields.number("training_seqlen", 1) / fields.number("base_seqlen", 1);
        double alpha = Math.pow(2, Math.ceil(Math.log(stretch) / Math.log(2) + 1)) - 1;
        double dim = rope.dim();
        return new Rotary(rope.withTheta(rope.theta() * Math.pow(Math.max(alpha, 1), dim / (dim - 2))), false);
    }

    private static DecoderBlock block(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        long hidden = plan.sizes().hiddenSize();
        long intermediate = plan.sizes().intermediateSize();
        return plan.block(
                layer,
                attention(plan, layer, rotary),
                new GatedMlp(
                        plan.linear(layer.name("mlp.gate_proj"), intermediate, hidden, false),
                        plan.linear(layer.name("mlp.up_proj"), intermediate, hidden, false),
                        plan.linear(layer.name("mlp.down_proj"), hidden, intermediate, true),
                        plan.activation("hidden_act", "silu")));
    }

    private static Attention attention(Blueprint plan, Blueprint.Layer layer, Rotary rotary) {
        Dimensions sizes = plan.sizes();
        long hidden = sizes.hiddenSize();
        long queries = (long) sizes.numAttentionHeads() * sizes.headDim();
        long keys = (long) sizes.numKeyValueHeads() * sizes.headDim();
        return plan.attention(layer)
                .heads(new FusedKeyValue(
                        plan.linear(layer.name("self_attention.query"), queries, hidden, false),
                        plan.linear(layer.name("self_attention.key_value"), 2 * keys, hidden, false),
                        sizes.numKeyValueHeads(),
                        sizes.headDim()))
                .biases(false, true)
                .output("self_attention.dense")
                .rotary(rotary)
                .build();
    }
}
