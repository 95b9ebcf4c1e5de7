package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** AdamW with both averages in 8 bits (Dettmers et al., 2022; bitsandbytes' kOptimizerStatic8bit2StateBlockwise). */
public final class Adam8Bit implements Rule {
    private final Moments moments;
    private final BlockwiseState average;
    private final BlockwiseState squares;
    private final Tensor steps;

    private Adam8Bit(TrainSpec spec, long[] shape, Memory memory) {
        this.moments = Moments.of(spec);
        this.average = new BlockwiseState(DynamicCode.SIGNED, shape, memory);
        this.squares = new BlockwiseState(DynamicCode.UNSIGNED, shape, memory);
        this.steps = memory.floats();
    }

    public static RuleMaker maker(TrainSpec spec, Arguments arguments) {
        return RuleMaker.joining(EightBits::allowed, (name, shape, memory) -> of(spec, name, shape, memory));
    }

    /** 8-bit where the weight is large and no embedding, else 32-bit. */
    static Rule of(TrainSpec spec, String name, long[] shape, Memory memory) {
        return EightBits.allowed(name, shape) ? new Adam8Bit(spec, shape, memory) : new Adam32Bit(spec, shape, memory);
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        steps.add_(Torch.scalar(1));
        double step = steps.item_double();
        EightBits.eachChunk(weight, gradient, (first, part, slope) -> {
            Tensor mean = average.read(first, slope.size(0));
            Tensor variance = squares.read(first, slope.size(0));
            moments.update(mean, variance, slope);
            part.sub_(BlockwiseState.uncut(moments.move(mean, variance, rate, step), part.numel()));
            average.write(first, mean);
            squares.write(first, variance);
        });
        if (decay > 0) {
            weight.mul_(Torch.scalar(1 - rate * decay));
        }
    }

    @Override
    public SortedMap<String, Tensor> state() {
        SortedMap<String, Tensor> state = Rule.named("step", steps);
        average.describe(state, 1);
        squares.describe(state, 2);
        return state;
    }
}
