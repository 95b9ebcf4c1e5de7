package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** Lion (Chen et al., 2023): steps of one size along the sign of a mixture of gradient and momentum. */
public final class Lion implements Rule {
    private final double beta1;
    private final double beta2;
    private final Tensor momentum;

    private Lion(TrainSpec spec, long[] shape, Memory memory) {
        this.beta1 = spec.adamBeta1();
        this.beta2 = spec.adamBeta2();
        this.momentum = memory.floats(shape);
    }

    public static RuleMaker maker(TrainSpec spec, Arguments arguments) {
        return (name, shape, memory) -> new Lion(spec, shape, memory);
    }

    /** As {@link #maker}, with the momentum in 8 bits where the weight is large. */
    public static RuleMaker maker8Bit(TrainSpec spec, Arguments arguments) {
        return RuleMaker.joining(
                EightBits::allowed,
                (name, shape, memory) -> EightBits.allowed(name, shape)
                        ? new EightBit(spec, shape, memory)
                        : new Lion(spec, shape, memory));
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        weight.mul_(Torch.scalar(1 - rate * decay));
        weight.sub_(direction(momentum, gradient, beta1), Torch.scalar(rate));
        take(momentum, gradient, beta2);
    }

    private static Tensor direction(Tensor momentum, Tensor gradient, double beta) {
        return momentum.mul(Torch.scalar(beta))
                .add_(gradient, Torch.scalar(1 - beta))
                .sign_();
    }

    private static void take(Tensor momentum, Tensor gradient, double beta) {
        momentum.mul_(Torch.scalar(beta)).add_(gradient, Torch.scalar(1 - beta));
    }

    @Override
    public SortedMap<String, Tensor> state() {
        return Rule.named("state1", momentum);
    }

    /** bitsandbytes' kOptimizerStatic8bit1StateBlockwise. */
    private static final class EightBit implements Rule {
        private final double beta1;
        private final double beta2;
        private final BlockwiseState momentum;

        EightBit(TrainSpec spec, long[] shape, Memory memory) {
            this.beta1 = spec.adamBeta1();
            this.beta2 = spec.adamBeta2();
            this.momentum = new BlockwiseState(DynamicCode.SIGNED, shape, memory);
        }

        @Override
        public void step(Tensor weight, Tensor gradient, double rate, double decay) {
            weight.mul_(Torch.scalar(1 - rate * decay));
            EightBits.eachChunk(weight, gradient, (first, part, slope) -> {
                Tensor before = momentum.read(first, slope.size(0));
                Tensor direction = direction(before, slope, beta1);
                part.sub_(BlockwiseState.uncut(direction, part.numel()), Torch.scalar(rate));
                take(before, slope, beta2);
                momentum.write(first, before);
            });
        }

        @Override
        public SortedMap<String, Tensor> state() {
            SortedMap<String, Tensor> state = Rule.named();
            momentum.describe(state, 1);
            return state;
        }
    }
}
