package io.apus.export.gguf;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import java.util.List;

/**
 * How llama.cpp knows a model class.
 *
 * @param name value of {@code general.architecture}, and the prefix of the model's metadata keys
 * @param interleavedRope whether it rotates neighbouring values of a head (then rows of the query and key projections are reordered,
 *     since transformers rotates the two halves of a head against each other)
 */
record GgufArchitecture(String name, boolean interleavedRope) {
    private static final Registry<GgufArchitecture> BY_MODEL_CLASS = Registry.of(
            "architecture for GGUF",
            entry("LlamaForCausalLM", new GgufArchitecture("llama", true)),
            entry("MistralForCausalLM", new GgufArchitecture("llama", true)),
            entry("Qwen2ForCausalLM", new GgufArchitecture("qwen2", false)),
            entry("Qwen3ForCausalLM", new GgufArchitecture("qwen3", false)));

    private static final List<String[]> LAYER_NAMES = List.of(
            new String[] {"input_layernorm", "attn_norm"},
            new String[] {"self_attn.q_proj", "attn_q"},
            new String[] {"self_attn.k_proj", "attn_k"},
            new String[] {"self_attn.v_proj", "attn_v"},
            new String[] {"self_attn.o_proj", "attn_output"},
            new String[] {"self_attn.q_norm", "attn_q_norm"},
            new String[] {"self_attn.k_norm", "attn_k_norm"},
            new String[] {"post_attention_layernorm", "ffn_norm"},
            new String[] {"mlp.gate_proj", "ffn_gate"},
            new String[] {"mlp.up_proj", "ffn_up"},
            new String[] {"mlp.down_proj", "ffn_down"});

    static GgufArchitecture of(String modelClass) {
        return BY_MODEL_CLASS.get(modelClass);
    }

    /** The ggml name of a parameter, e.g. {@code model.layers.0.self_attn.q_proj.weight} is {@code blk.0.attn_q.weight}. */
    static String tensorName(String parameter) {
        return switch (parameter) {
            case "model.embed_tokens.weight" -> "token_embd.weight";
            case "model.norm.weight" -> "output_norm.weight";
            case "lm_head.weight" -> "output.weight";
            default -> layerTensorName(parameter);
        };
    }

    private static String layerTensorName(String parameter) {
        String[] parts = parameter.split("\\.", 4);
        int kind = parts[3].lastIndexOf('.');
        for (String[] name : LAYER_NAMES) {
            if (parts[3].substring(0, kind).equals(name[0])) {
                return "blk." + parts[2] + "." + name[1] + parts[3].substring(kind);
            }
        }
        throw new IllegalArgumentException(parameter + " has no name in GGUF");
    }

    /** Whether the rows of this parameter are stored in another order than transformers has them. */
    boolean reorders(String parameter) {
        return interleavedRope && (parameter.contains(".q_proj.") || parameter.contains(".k_proj."));
    }

    /** For each stored row of a projection onto heads of {@code headDim} values, the row of transformers' layout that stands there. */
    static long[] rowOrder(int rows, int headDim) {
        long[] order = new long[rows];
        for (int row = 0; row < rows; row++) {
            int within = row % headDim;
            order[row] = (long) row - within + (within % 2) * (headDim / 2L) + within / 2;
        }
        return order;
    }
}
