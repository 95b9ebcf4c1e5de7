package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** Adagrad (Duchi et al., 2011) as torch.optim.Adagrad has it. */
public final class Adagrad implements Rule {
    private final double epsilon;
    private final Tensor sum;

    private Adagrad(double epsilon, long[] shape, Memory memory) {
        this.epsilon = epsilon;
        this.sum = memory.floats(shape);
    }

    public static RuleMaker maker(TrainSpec spec, Arguments arguments) {
        double epsilon = arguments.number("eps", 1e-10);
        return (name, shape, memory) -> new Adagrad(epsilon, shape, memory);
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        Tensor slope = Decay.added(gradient, weight, decay);
        sum.addcmul_(slope, slope);
        weight.addcdiv_(slope, sum.sqrt().add_(Torch.scalar(epsilon)), Torch.scalar(-rate));
    }

    @Override
    public SortedMap<String, Tensor> state() {
        return Rule.named("sum", sum);
    }
}
