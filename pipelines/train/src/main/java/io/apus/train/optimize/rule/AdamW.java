package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Kernels;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** AdamW (Loshchilov and Hutter, 2019) as torch.optim.AdamW has it, by libtorch's fused kernel. */
public final class AdamW implements Rule {
    private final TrainSpec spec;
    private final Tensor average;
    private final Tensor squares;
    private final Tensor steps;

    AdamW(TrainSpec spec, long[] shape, Memory memory) {
        this.spec = spec;
        this.average = memory.averages(shape);
        this.squares = memory.averages(shape);
        this.steps = memory.floats();
    }

    public static RuleMaker maker(TrainSpec spec, Arguments arguments) {
        return (name, shape, memory) -> new AdamW(spec, shape, memory);
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        steps.add_(Torch.scalar(1));
        Kernels.fusedAdamW(
                List.of(weight),
                List.of(gradient),
                List.of(average),
                List.of(squares),
                List.of(steps),
                rate,
                spec.adamBeta1(),
                spec.adamBeta2(),
                decay,
                spec.adamEpsilon());
    }

    @Override
    public SortedMap<String, Tensor> state() {
        return Rule.named("exp_avg", average, "exp_avg_sq", squares, "step", steps);
    }
}
