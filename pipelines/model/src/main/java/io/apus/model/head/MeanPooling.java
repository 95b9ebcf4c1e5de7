package io.apus.model.head;

import io.apus.model.layer.TokenBatch;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import org.bytedeco.pytorch.Tensor;

/** The mean over a sample's tokens. */
record MeanPooling() implements Pooling {
    @Override
    public Tensor pool(Tensor hidden, TokenBatch batch) {
        try (Scope scope = Scope.open()) {
            Tensor sums = hidden.new_zeros(batch.segmentLengths().length, hidden.size(1));
            return scope.keep(sums.index_add_(0, owners(batch, hidden), hidden).mul_(shares(batch, hidden)));
        }
    }

    @Override
    public Tensor spread(Tensor rowGradient, TokenBatch batch) {
        try (Scope scope = Scope.open()) {
            return scope.keep(rowGradient.mul(shares(batch, rowGradient)).index_select(0, owners(batch, rowGradient)));
        }
    }

    /** The sample of each token. */
    private static Tensor owners(TokenBatch batch, Tensor beside) {
        long[] owners = new long[batch.tokens()];
        int token = 0;
        for (int sample = 0; sample < batch.segmentLengths().length; sample++) {
            for (int i = 0; i < batch.segmentLengths()[sample]; i++) {
                owners[token++] = sample;
            }
        }
        return Device.of(beside).longs(owners);
    }

    /** One over each sample's length, [samples, 1]. */
    private static Tensor shares(TokenBatch batch, Tensor beside) {
        float[] shares = new float[batch.segmentLengths().length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = 1f / batch.segmentLengths()[i];
        }
        return Device.of(beside).floats(shares).unsqueeze(1);
    }
}
