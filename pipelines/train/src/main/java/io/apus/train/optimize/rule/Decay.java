package io.apus.train.optimize.rule;

import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;

/** Weight decay that is part of the gradient, as the older optimisers of torch have it. */
final class Decay {
    private Decay() {}

    /** The gradient with the decay added; the gradient itself where there is none. */
    static Tensor added(Tensor gradient, Tensor weight, double decay) {
        return decay == 0 ? gradient : gradient.add(weight, Torch.scalar(decay));
    }
}
