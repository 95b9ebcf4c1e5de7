package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** A gradient divided by the root of its mean square, as in Adam without momentum; optionally rectified (Liu et al., 2020: RAdam). */
final class NormalisedSlope implements ScheduleFree.Slope {
    /** Below this length of the average its variance is not tractable. */
    private static final double TRACTABLE = 4;

    private final double beta2;
    private final double epsilon;
    private final boolean rectified;
    private final Tensor squares;

    NormalisedSlope(TrainSpec spec, boolean rectified, long[] shape, Memory memory) {
        this.beta2 = spec.adamBeta2();
        this.epsilon = spec.adamEpsilon();
        this.rectified = rectified;
        this.squares = memory.floats(shape);
    }

    @Override
    public Tensor of(Tensor gradient, double step) {
        squares.mul_(Torch.scalar(beta2)).addcmul_(gradient, gradient, Torch.scalar(1 - beta2));
        if (rectified && length(step) <= TRACTABLE) {
            return gradient;
        }
        double correction = 1 - Math.pow(beta2, step);
        return gradient.div(squares.div(Torch.scalar(correction)).sqrt_().add_(Torch.scalar(epsilon)));
    }

    /** RAdam's rectification; 0, a step that moves nothing, while the variance is not tractable (silent_sgd_phase). */
    @Override
    public double share(double step) {
        if (!rectified) {
            return 1;
        }
        double now = length(step);
        double end = 2 / (1 - beta2) - 1;
        return now <= TRACTABLE ? 0 : Math.sqrt((now - 4) * (now - 2) * end / ((end - 4) * (end - 2) * now));
    }

    private double length(double step) {
        double power = Math.pow(beta2, step);
        return 2 / (1 - beta2) - 1 - 2 * step * power / (1 - power);
    }

    @Override
    public SortedMap<String, Tensor> state() {
        return Rule.named("exp_avg_sq", squares);
    }
}
