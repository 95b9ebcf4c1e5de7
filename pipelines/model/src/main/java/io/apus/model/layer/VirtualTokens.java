package io.apus.model.layer;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Positions in front of every segment that no token of the vocabulary stands at. Their states, which no segment has a part in, are
 * computed once for the whole batch, as rows in front of it.
 *
 * @param count positions that the tokens move back by
 * @param rows in front of a batch: as many, or none where the layers bring their own keys and values for these positions
 * @param embeddings [count, hiddenSize] that the rows begin as; empty where there are none, or other layers begin with them
 */
public record VirtualTokens(int count, int rows, Optional<Parameter> embeddings) {
    public static final VirtualTokens NONE = keyed(0);

    /** Positions for which the layers have keys and values. */
    public static VirtualTokens keyed(int count) {
        return new VirtualTokens(count, 0, Optional.empty());
    }

    /** Rows that begin as {@code embeddings}, [count, hiddenSize]. */
    public static VirtualTokens of(Parameter embeddings) {
        int count = Math.toIntExact(embeddings.shape()[0]);
        return new VirtualTokens(count, count, Optional.of(embeddings));
    }

    /** The same for layers at which the rows arrive with the tokens' states. */
    public VirtualTokens behind() {
        return new VirtualTokens(count, rows, Optional.empty());
    }

    public boolean trainable() {
        return embeddings.filter(Parameter::trainable).isPresent();
    }

    /** The batch with its tokens behind the virtual ones. */
    public TokenBatch placed(TokenBatch batch) {
        return count == 0
                ? batch
                : new TokenBatch(
                        batch.inputIds(),
                        batch.positionIds().add(Torch.scalar((double) count)),
                        batch.segmentLengths());
    }

    /** The batch with the virtual rows as a segment of their own in front. */
    public TokenBatch led(TokenBatch placed) {
        return rows == 0 ? placed : placed.ledBy(rows);
    }

    /** The virtual rows in front of [tokens, hiddenSize]; records no graph. */
    public Tensor led(Tensor states) {
        if (embeddings.isEmpty()) {
            return states;
        }
        try (NoGrad guard = Torch.noGrad()) {
            return torch.cat(new TensorVector(Torch.like(embeddings.get().tensor(), states), states), 0);
        }
    }

    /** Without the virtual rows. */
    public Tensor rest(Tensor states) {
        return rows == 0 ? states : states.narrow(0, rows, states.size(0) - rows);
    }

    /** Adds the gradient of the virtual rows, which are the first of {@code gradient}, to the embeddings'. */
    public void backward(Tensor gradient) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            embeddings.filter(Parameter::trainable).ifPresent(learned -> learned.gradientBuffer()
                    .add_(gradient.narrow(0, 0, count)));
        }
    }
}
