package io.apus.model.layer;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;

/**
 * Token embeddings, [vocabSize, hiddenSize].
 *
 * @param padding a token whose row gets no gradient from here, as transformers has it for pad_token_id
 */
public record Embedding(Parameter weight, OptionalInt padding) {
    /** [tokens] int64 to [tokens, hiddenSize]; records no graph. */
    public Tensor forward(Tensor inputIds) {
        try (NoGrad guard = Torch.noGrad()) {
            return weight.tensor().index_select(0, inputIds);
        }
    }

    /** Adds d(loss)/d(weight) in place, so that no second [vocabSize, hiddenSize] is made. */
    public void backward(Tensor inputIds, Tensor gradient) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor sum = weight.gradientBuffer();
            if (padding.isPresent()) {
                Tensor row = sum.narrow(0, padding.getAsInt(), 1);
                Tensor before = row.clone();
                sum.index_add_(0, inputIds, gradient);
                row.copy_(before);
            } else {
                sum.index_add_(0, inputIds, gradient);
            }
        }
    }
}
