package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** bitsandbytes' 32-bit AdamW (csrc/kernels.cu, kOptimizer32bit2State): torch's, but the weight decays after the step. */
public final class Adam32Bit implements Rule {
    private final Moments moments;
    private final Tensor average;
    private final Tensor squares;
    private final Tensor steps;

    Adam32Bit(TrainSpec spec, long[] shape, Memory memory) {
        this.moments = Moments.of(spec);
        this.average = memory.floats(shape);
        this.squares = memory.floats(shape);
        this.steps = memory.floats();
    }

    public static RuleMaker maker(TrainSpec spec, Arguments arguments) {
        return (name, shape, memory) -> new Adam32Bit(spec, shape, memory);
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        steps.add_(Torch.scalar(1));
        moments.update(average, squares, gradient);
        weight.sub_(moments.move(average, squares, rate, steps.item_double()));
        if (decay > 0) {
            weight.mul_(Torch.scalar(1 - rate * decay));
        }
    }

    @Override
    public SortedMap<String, Tensor> state() {
        return Rule.named("state1", average, "state2", squares, "step", steps);
    }
}
