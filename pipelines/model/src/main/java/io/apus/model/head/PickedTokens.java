package io.apus.model.head;

import io.apus.model.layer.TokenBatch;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** Some tokens' hidden states as they are. */
record PickedTokens(Function<TokenBatch, long[]> picked) implements Pooling {
    @Override
    public Tensor pool(Tensor hidden, TokenBatch batch) {
        try (Scope scope = Scope.open()) {
            return scope.keep(hidden.index_select(0, Torch.longs(picked.apply(batch))));
        }
    }

    @Override
    public Tensor spread(Tensor rowGradient, TokenBatch batch) {
        try (Scope scope = Scope.open()) {
            Tensor gradient = Torch.zeros(batch.tokens(), rowGradient.size(1));
            return scope.keep(gradient.index_copy_(0, Torch.longs(picked.apply(batch)), rowGradient));
        }
    }
}
