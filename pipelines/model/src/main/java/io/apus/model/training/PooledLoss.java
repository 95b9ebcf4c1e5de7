package io.apus.model.training;

import io.apus.model.head.Pooling;
import io.apus.model.head.RowHead;
import io.apus.model.head.RowObjective;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.TokenBatch;
import io.apus.tensor.Autocast;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/** A loss on whole samples: pooling, a head of its own (whose trainable parameters get their gradients here), an objective. */
public final class PooledLoss implements HeadLoss {
    private final TokenBatch batch;
    private final Pooling pooling;
    private final RowHead head;
    private final RowObjective objective;
    private final double scale;

    /** @param scale multiplies the gradient: 1 over the number of terms of everything that one optimiser step averages over */
    public PooledLoss(TokenBatch batch, Pooling pooling, RowHead head, RowObjective objective, double scale) {
        this.batch = batch;
        this.pooling = pooling;
        this.head = head;
        this.objective = objective;
        this.scale = scale;
    }

    @Override
    public Result apply(Tensor hidden, OutputHead unused) {
        try (Scope scope = Scope.open();
                Autocast exact = Autocast.of(Device.of(hidden), DType.F32)) {
            Tensor rows = pooling.pool(hidden.to(torch.ScalarType.Float), batch);
            Tensor outputs = head.forward(rows).requires_grad_(true);
            RowObjective.Loss loss = objective.of(outputs);
            loss.sum()
                    .mul(Torch.scalar(scale))
                    .backward(new Tensor(), new BoolOptional(), false, new TensorArrayRefOptional());
            Tensor rowGradient = head.backward(rows, new Tensor(outputs.grad()));
            return new Result(scope.keep(Torch.like(pooling.spread(rowGradient, batch), hidden)), statistics(loss));
        }
    }

    /** The statistics alone, e.g. of held-out data. */
    public LossStatistics measure(Tensor hidden) {
        try (Scope scope = Scope.open()) {
            Tensor rows = pooling.pool(hidden.to(torch.ScalarType.Float), batch);
            return statistics(objective.of(head.forward(rows)));
        }
    }

    private static LossStatistics statistics(RowObjective.Loss loss) {
        return new LossStatistics(loss.sum().item_double(), loss.terms(), loss.correct(), loss.decisions());
    }
}
