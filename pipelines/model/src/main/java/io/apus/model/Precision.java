package io.apus.model;

import io.apus.tensor.DType;

/**
 * In which types a model is kept and computed.
 *
 * @param frozen as which matrices that do not learn are kept
 * @param learned as which matrices that learn are kept; float32 lets changes add up that are too small to show in 16 bits
 * @param products as which matrix products and attention take their operands, and as which states go from layer to layer. Losses,
 *     statistics of norms, softmax of routers, gradients and optimisers are float32 whatever this is.
 */
public record Precision(DType frozen, DType learned, DType products) {
    /** Everything in float32. */
    public static final Precision FLOAT32 = new Precision(DType.F32, DType.F32, DType.F32);

    /**
     * Mixed precision (Micikevicius et al., 2018): products in bfloat16, what learns in float32, what does not in bfloat16. It is
     * transformers' {@code bf16} with a base model loaded as {@code torch_dtype} bfloat16; a weight that learns keeps its float32
     * master as its only copy.
     */
    public static final Precision BFLOAT16 = new Precision(DType.BF16, DType.F32, DType.BF16);

    /**
     * Everything that is a matrix in bfloat16, what learns too, as transformers trains a model loaded as {@code torch_dtype} bfloat16
     * in full: half the memory, and changes below a 256th of a weight are mostly lost.
     */
    public static final Precision PURE_BFLOAT16 = new Precision(DType.BF16, DType.BF16, DType.BF16);
}
