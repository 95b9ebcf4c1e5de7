package io.apus.model.layer;

import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;

/** A change of token embeddings. */
public interface RowChange extends WeightChange {
    /**
     * What is added to the rows of tokens, [tokens, hiddenSize].
     *
     * @param ids [tokens] int64
     * @param padding a token whose own numbers get no gradient
     */
    Tensor rows(Tensor ids, OptionalInt padding);
}
