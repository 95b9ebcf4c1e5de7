package io.apus.model.layer;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * Token embeddings, [vocabSize, hiddenSize].
 *
 * @param padding a token whose row gets no gradient from here, as transformers has it for pad_token_id
 * @param scale multiplies the rows of tokens
 * @param positions [positions, hiddenSize], added by position in families that learn them
 */
public record Embedding(Parameter weight, OptionalInt padding, double scale, Optional<Parameter> positions) {
    /** [tokens, hiddenSize]; records no graph. */
    public Tensor forward(TokenBatch batch) {
        try (NoGrad guard = Torch.noGrad()) {
            Tensor rows = weight.tensor().index_select(0, batch.inputIds());
            if (scale != 1) {
                rows.mul_(Torch.scalar(scale));
            }
            return positions.isPresent()
                    ? rows.add_(positions.get().tensor().index_select(0, batch.positionIds()))
                    : rows;
        }
    }

    public List<Parameter> parameters() {
        return Stream.concat(Stream.of(weight), positions.stream()).toList();
    }

    /** Whether anything here learns. */
    public boolean trainable() {
        return parameters().stream().anyMatch(Parameter::trainable);
    }

    /** Adds the gradients of what learns, in place, so that no second [vocabSize, hiddenSize] is made. */
    public void backward(TokenBatch batch, Tensor gradient) {
        try (Scope scoped = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            if (weight.trainable()) {
                Tensor rows = scale == 1 ? gradient : gradient.mul(Torch.scalar(scale));
                addRows(weight.gradientBuffer(), batch.inputIds(), rows);
            }
            positions.filter(Parameter::trainable).ifPresent(learned -> learned.gradientBuffer()
                    .index_add_(0, batch.positionIds(), gradient));
        }
    }

    private void addRows(Tensor sum, Tensor ids, Tensor rows) {
        if (padding.isPresent()) {
            Tensor row = sum.narrow(0, padding.getAsInt(), 1);
            Tensor before = row.clone();
            sum.index_add_(0, ids, rows);
            row.copy_(before);
        } else {
            sum.index_add_(0, ids, rows);
        }
    }
}
