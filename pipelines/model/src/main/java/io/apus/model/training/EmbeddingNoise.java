package io.apus.model.training;

import io.apus.model.layer.TokenBatch;
import org.bytedeco.pytorch.Tensor;

/** What happens to embeddings in training on their way to the first layer. */
public interface EmbeddingNoise {
    /** Changes {@code embedded}, [tokens, hiddenSize] without a gradient graph, in place; gradients pass as if nothing had happened. */
    void add(Tensor embedded, TokenBatch batch);

    /** Leaves them as they are. */
    static EmbeddingNoise none() {
        return (embedded, batch) -> {};
    }
}
