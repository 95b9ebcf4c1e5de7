package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** RMSprop (Tieleman and Hinton, 2012) as torch.optim.RMSprop has it, neither centred nor with momentum. */
public final class RmsProp implements Rule {
    private final double alpha;
    private final double epsilon;
    private final Tensor squares;

    private RmsProp(double alpha, double epsilon, long[] shape, Memory memory) {
        this.alpha = alpha;
        this.epsilon = epsilon;
        this.squares = memory.floats(shape);
    }

    public static RuleMaker maker(TrainSpec spec, Arguments arguments) {
        double alpha = arguments.number("alpha", 0.99);
        double epsilon = arguments.number("eps", 1e-8);
        return (name, shape, memory) -> new RmsProp(alpha, epsilon, shape, memory);
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        Tensor slope = Decay.added(gradient, weight, decay);
        squares.mul_(Torch.scalar(alpha)).addcmul_(slope, slope, Torch.scalar(1 - alpha));
        weight.addcdiv_(slope, squares.sqrt().add_(Torch.scalar(epsilon)), Torch.scalar(-rate));
    }

    @Override
    public SortedMap<String, Tensor> state() {
        return Rule.named("square_avg", squares);
    }
}
