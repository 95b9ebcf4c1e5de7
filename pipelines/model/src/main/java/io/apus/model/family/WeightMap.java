package io.apus.model.family;

/**
 * Names of the parameters in a family's files. Members of a layer follow {@code layers + "<number>."}.
 *
 * @param layers prefix of every layer, with its final dot
 */
public record WeightMap(
        String embedding,
        String finalNorm,
        String head,
        String layers,
        String attentionNorm,
        String query,
        String key,
        String value,
        String output,
        String queryNorm,
        String keyNorm,
        String mlpNorm,
        String gate,
        String up,
        String down) {

    /** What most decoders in Hugging Face folders use. */
    static WeightMap standard() {
        return new WeightMap(
                "model.embed_tokens",
                "model.norm",
                "lm_head",
                "model.layers.",
                "input_layernorm",
                "self_attn.q_proj",
                "self_attn.k_proj",
                "self_attn.v_proj",
                "self_attn.o_proj",
                "self_attn.q_norm",
                "self_attn.k_norm",
                "post_attention_layernorm",
                "mlp.gate_proj",
                "mlp.up_proj",
                "mlp.down_proj");
    }

    /** The full name of a member of a layer, e.g. {@code model.layers.3.self_attn.q_proj}. */
    public String inLayer(int layer, String member) {
        return layers + layer + "." + member;
    }
}
