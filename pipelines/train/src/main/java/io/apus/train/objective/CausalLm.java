package io.apus.train.objective;

import io.apus.model.layer.OutputHead;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.HeadLoss;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.LossStatistics;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/** Weighted cross-entropy of each token given those before it in its sample. */
final class CausalLm implements Objective {
    @Override
    public Set<Need> needs() {
        return Set.of();
    }

    @Override
    public HeadLoss loss(TokenBatch batch, float[] weights, double scale) {
        return LinearCrossEntropy.of(batch, weights, scale);
    }

    @Override
    public LossStatistics measure(Tensor hidden, OutputHead head, TokenBatch batch, float[] weights) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            return LinearCrossEntropy.of(batch, weights, 1).measure(hidden, head);
        }
    }
}
