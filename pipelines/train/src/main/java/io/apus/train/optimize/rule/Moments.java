package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;

/** Adam's two averages (Kingma and Ba, 2015), of tensors of any one shape. */
record Moments(double beta1, double beta2, double epsilon) {
    static Moments of(TrainSpec spec) {
        return new Moments(spec.adamBeta1(), spec.adamBeta2(), spec.adamEpsilon());
    }

    /** Takes a gradient into both averages. */
    void update(Tensor average, Tensor squares, Tensor gradient) {
        average.mul_(Torch.scalar(beta1)).add_(gradient, Torch.scalar(1 - beta1));
        squares.mul_(Torch.scalar(beta2)).addcmul_(gradient, gradient, Torch.scalar(1 - beta2));
    }

    /** What the weight moves by at a step, counted from 1, after correcting both averages for their start at zero. */
    Tensor move(Tensor average, Tensor squares, double rate, double step) {
        double correction1 = 1 - Math.pow(beta1, step);
        double correction2 = Math.sqrt(1 - Math.pow(beta2, step));
        Tensor denominator = squares.sqrt().add_(Torch.scalar(correction2 * epsilon));
        return average.div(denominator).mul_(Torch.scalar(rate * correction2 / correction1));
    }
}
