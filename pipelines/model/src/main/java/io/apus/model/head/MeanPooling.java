package io.apus.model.head;

import io.apus.model.layer.TokenBatch;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;

/** The mean over a sample's tokens. */
record MeanPooling() implements Pooling {
    @Override
    public Tensor pool(Tensor hidden, TokenBatch batch) {
        try (Scope scope = Scope.open()) {
            Tensor sums = Torch.zeros(batch.segmentLengths().length, hidden.size(1));
            return scope.keep(sums.index_add_(0, owners(batch), hidden).mul_(shares(batch)));
        }
    }

    @Override
    public Tensor spread(Tensor rowGradient, TokenBatch batch) {
        try (Scope scope = Scope.open()) {
            return scope.keep(rowGradient.mul(shares(batch)).index_select(0, owners(batch)));
        }
    }

    /** The sample of each token. */
    private static Tensor owners(TokenBatch batch) {
        long[] owners = new long[batch.tokens()];
        int token = 0;
        for (int sample = 0; sample < batch.segmentLengths().length; sample++) {
            for (int i = 0; i < batch.segmentLengths()[sample]; i++) {
                owners[token++] = sample;
            }
        }
        return Torch.longs(owners);
    }

    /** One over each sample's length, [samples, 1]. */
    private static Tensor shares(TokenBatch batch) {
        float[] shares = new float[batch.segmentLengths().length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = 1f / batch.segmentLengths()[i];
        }
        return Torch.floats(shares).unsqueeze(1);
    }
}
