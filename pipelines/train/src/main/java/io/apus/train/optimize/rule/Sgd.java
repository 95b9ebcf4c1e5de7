package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** Stochastic gradient descent as torch.optim.SGD has it; weight decay is added to the gradient. */
public final class Sgd implements Rule {
    private final double momentum;
    private final boolean nesterov;
    private final Tensor buffer;

    private Sgd(double momentum, boolean nesterov, long[] shape, Memory memory) {
        this.momentum = momentum;
        this.nesterov = nesterov;
        this.buffer = momentum == 0 ? null : memory.floats(shape);
    }

    public static RuleMaker maker(TrainSpec spec, Arguments arguments) {
        double momentum = arguments.number("momentum", 0);
        boolean nesterov = arguments.truth("nesterov", false);
        return (name, shape, memory) -> new Sgd(momentum, nesterov, shape, memory);
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        Tensor slope = Decay.added(gradient, weight, decay);
        if (momentum == 0) {
            weight.sub_(slope, Torch.scalar(rate));
            return;
        }
        buffer.mul_(Torch.scalar(momentum)).add_(slope);
        Tensor direction = nesterov ? slope.add(buffer, Torch.scalar(momentum)) : buffer;
        weight.sub_(direction, Torch.scalar(rate));
    }

    @Override
    public SortedMap<String, Tensor> state() {
        return momentum == 0 ? Rule.named() : Rule.named("momentum_buffer", buffer);
    }
}
