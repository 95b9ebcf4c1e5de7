package io.apus.train.optimize.rule;

import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** The gradient as it is. */
final class PlainSlope implements ScheduleFree.Slope {
    @Override
    public Tensor of(Tensor gradient, double step) {
        return gradient;
    }

    @Override
    public double share(double step) {
        return 1;
    }

    @Override
    public SortedMap<String, Tensor> state() {
        return Rule.named();
    }
}
