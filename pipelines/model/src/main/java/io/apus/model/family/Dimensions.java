package io.apus.model.family;

import io.apus.model.rope.RopeParameters;
import io.apus.model.rope.RopeScalings;
import java.util.List;
import java.util.OptionalInt;

/**
 * The sizes that all decoders have, as config.json gives them under the names that Llama's uses.
 *
 * @param headDim of queries and keys
 * @param normEps of every norm
 * @param rope of the part of a head that partial_rotary_factor leaves to be rotated
 */
public record Dimensions(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int numKeyValueHeads,
        int headDim,
        int maxPositionEmbeddings,
        double normEps,
        double initializerRange,
        boolean tieWordEmbeddings,
        RopeParameters rope,
        List<Integer> eosTokenIds,
        OptionalInt bosTokenId,
        OptionalInt padTokenId) {

    static final int DEFAULT_POSITIONS = 2048;

    /** What is wrong goes to {@code fields}. */
    public static Dimensions of(ConfigFields fields) {
        int hiddenSize = fields.positive("hidden_size");
        int heads = fields.positive("num_attention_heads");
        int headDim = fields.positive("head_dim", Math.max(1, hiddenSize / heads));
        int maxPositions = fields.positive("max_position_embeddings", DEFAULT_POSITIONS);
        fields.number("rope_theta", 1);
        int rotated = (int) (headDim * fields.number("partial_rotary_factor", 1));
        Dimensions read = new Dimensions(
                fields.positive("vocab_size"),
                hiddenSize,
                fields.positive("intermediate_size", 4 * hiddenSize),
                fields.positive("num_hidden_layers"),
                heads,
                fields.positive("num_key_value_heads", heads),
                headDim,
                maxPositions,
                fields.number("rms_norm_eps", 1e-6),
                fields.number("initializer_range", 0.02),
                fields.flag("tie_word_embeddings", false),
                RopeParameters.of(fields.json(), rotated, maxPositions),
                fields.ids("eos_token_id"),
                first(fields.ids("bos_token_id")),
                first(fields.ids("pad_token_id")));
        read.check(fields);
        return read;
    }

    private void check(ConfigFields fields) {
        if (numAttentionHeads % numKeyValueHeads != 0) {
            fields.problem("num_attention_heads " + numAttentionHeads + " is no multiple of num_key_value_heads "
                    + numKeyValueHeads);
        }
        if (rope.dim() % 2 != 0) {
            String cause = rope.dim() == headDim ? "head_dim " + headDim : "the rotated part of head_dim " + rope.dim();
            fields.problem(cause + " is odd, rotary positions need pairs");
        } else {
            fields.collect(() -> RopeScalings.rotation(rope, maxPositionEmbeddings));
        }
        padTokenId.ifPresent(pad -> {
            if (pad < 0 || pad >= vocabSize) {
                fields.problem("pad_token_id " + pad + " is outside the vocabulary of " + vocabSize);
            }
        });
    }

    private static OptionalInt first(List<Integer> ids) {
        return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.get(0));
    }
}
