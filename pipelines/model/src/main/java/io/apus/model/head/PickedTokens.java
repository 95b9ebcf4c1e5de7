package io.apus.model.head;

import io.apus.model.layer.TokenBatch;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** Some tokens' hidden states as they are. */
record PickedTokens(Function<TokenBatch, long[]> picked) implements Pooling {
    @Override
    public Tensor pool(Tensor hidden, TokenBatch batch) {
        try (Scope scope = Scope.open()) {
            return scope.keep(hidden.index_select(0, Device.of(hidden).longs(picked.apply(batch))));
        }
    }

    @Override
    public Tensor spread(Tensor rowGradient, TokenBatch batch) {
        try (Scope scope = Scope.open()) {
            Tensor gradient = rowGradient.new_zeros(batch.tokens(), rowGradient.size(1));
            return scope.keep(gradient.index_copy_(0, Device.of(rowGradient).longs(picked.apply(batch)), rowGradient));
        }
    }
}
