package io.apus.model.layer;

import org.bytedeco.pytorch.Tensor;

/** Which of a batch's tokens a pass computes; where that is not all of them, others compute the rest, and attention asks them. */
public interface TokenShare {
    /** Causal attention within segments over all tokens of the batch; for some of the heads, if need be. */
    interface WholeAttention {
        /** Query [tokens, heads, keyDim], key and value by key-value heads; gives [tokens, heads * valueDim]. */
        Tensor attend(Tensor query, Tensor key, Tensor value);
    }

    /** The tokens computed here, of a batch of {@code tokens}. */
    TokenPart of(int tokens);

    /**
     * What the tokens computed here take from the values of all.
     *
     * @param segmentLengths tokens of each segment of the batch
     * @param rule of the attention that {@code whole} computes
     * @param query [own tokens, heads, keyDim]
     * @param key, value by key-value heads, of the same tokens
     * @return [own tokens, heads * valueDim]
     */
    Tensor attend(
            int[] segmentLengths, AttentionRule rule, Tensor query, Tensor key, Tensor value, WholeAttention whole);

    /** Adds numbers up, in place, over all that compute tokens of the same batch. */
    void sum(double[] own);

    /** Every token is computed here. */
    static TokenShare all() {
        return new TokenShare() {
            @Override
            public TokenPart of(int tokens) {
                return TokenPart.all(tokens);
            }

            @Override
            public Tensor attend(
                    int[] segmentLengths,
                    AttentionRule rule,
                    Tensor query,
                    Tensor key,
                    Tensor value,
                    WholeAttention whole) {
                return whole.attend(query, key, value);
            }

            @Override
            public void sum(double[] own) {}
        };
    }
}
