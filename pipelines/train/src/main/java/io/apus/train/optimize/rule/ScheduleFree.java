package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.DType;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Schedule-free optimisation (Defazio et al., 2024; schedulefree 1.4): the weight y that is trained on lies between a fast one, z, and
 * the average x of all z so far; x is what is evaluated and kept. Weight decay is that of y.
 */
public final class ScheduleFree implements Rule {
    private final Shared shared;
    private final Slope slope;
    private final Tensor fast;
    private final Tensor progress;

    /**
     * @param power how much later steps weigh in the average
     * @param ratePower how much steps with a larger rate weigh in the average
     * @param warmup steps of the linear warm-up; a schedule comes on top of it
     * @param interpolation how far y lies from z towards x
     */
    private record Shared(double power, double ratePower, int warmup, double interpolation) {}

    /** What to make of a gradient before it is a step: nothing, or Adam's division. */
    interface Slope {
        Tensor of(Tensor gradient, double step);

        /** What the rate is multiplied by at a step, counted from 1. */
        double share(double step);

        SortedMap<String, Tensor> state();
    }

    private ScheduleFree(Shared shared, Slope slope, long[] shape, Memory memory) {
        this.shared = shared;
        this.slope = slope;
        this.fast = memory.floats(shape);
        this.progress = memory.zeros(DType.F64, 3);
    }

    public static RuleMaker adamW(TrainSpec spec, Arguments arguments) {
        Shared shared = shared(spec, arguments, spec.warmupSteps(), spec.adamBeta1());
        return (name, shape, memory) ->
                new ScheduleFree(shared, new NormalisedSlope(spec, false, shape, memory), shape, memory);
    }

    public static RuleMaker rAdam(TrainSpec spec, Arguments arguments) {
        Shared shared = shared(spec, arguments, 0, spec.adamBeta1());
        return (name, shape, memory) ->
                new ScheduleFree(shared, new NormalisedSlope(spec, true, shape, memory), shape, memory);
    }

    public static RuleMaker sgd(TrainSpec spec, Arguments arguments) {
        Shared shared = shared(spec, arguments, spec.warmupSteps(), arguments.number("momentum", 0.9));
        return (name, shape, memory) -> new ScheduleFree(shared, new PlainSlope(), shape, memory);
    }

    private static Shared shared(TrainSpec spec, Arguments arguments, int warmup, double interpolation) {
        if (interpolation <= 0) {
            throw arguments.fault(spec.optim() + " needs an adam_beta1 or momentum above 0");
        }
        return new Shared(arguments.number("r", 0), arguments.number("weight_lr_power", 2), warmup, interpolation);
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        Tensor values = progress;
        double done = values.select(0, 0).item_double();
        if (done == 0) {
            fast.copy_(weight);
        }
        double step = done + 1;
        double warm = step < shared.warmup() ? step / shared.warmup() : 1;
        double now = rate * warm * slope.share(step);
        double largest = Math.max(now, values.select(0, 1).item_double());
        double own = Math.pow(step, shared.power()) * Math.pow(largest, shared.ratePower());
        double sum = values.select(0, 2).item_double() + own;
        double share = sum == 0 ? 0 : own / sum;
        Tensor direction = Decay.added(slope.of(gradient, step), weight, decay);
        weight.lerp_(fast, Torch.scalar(share));
        weight.sub_(direction, Torch.scalar(now * (1 - shared.interpolation() * (1 - share))));
        fast.sub_(direction, Torch.scalar(now));
        values.select(0, 0).fill_(Torch.scalar(step));
        values.select(0, 1).fill_(Torch.scalar(largest));
        values.select(0, 2).fill_(Torch.scalar(sum));
    }

    @Override
    public boolean perElement(String name) {
        return !name.equals("progress");
    }

    @Override
    public boolean averages() {
        return true;
    }

    @Override
    public void toAverage(Tensor weight) {
        if (progress.select(0, 0).item_double() > 0) {
            weight.lerp_(fast, Torch.scalar(1 - 1 / shared.interpolation()));
        }
    }

    @Override
    public SortedMap<String, Tensor> state() {
        SortedMap<String, Tensor> state = slope.state();
        state.put("z", fast);
        state.put("progress", progress);
        return state;
    }
}
