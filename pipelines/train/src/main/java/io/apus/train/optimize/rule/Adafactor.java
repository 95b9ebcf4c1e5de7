package io.apus.train.optimize.rule;

import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.Arrays;
import java.util.SortedMap;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Adafactor (Shazeer and Stern, 2018) as transformers' trainer sets it up: the given learning rate, no momentum, and of a matrix's
 * squared gradients only the means of its rows and columns.
 */
public final class Adafactor implements Rule {
    private static final double EPSILON = 1e-30;

    /**
     * @param clip largest root mean square of a step before the learning rate
     * @param exponent how fast old squares are forgotten
     */
    private record Settings(double clip, double exponent) {}

    private final Settings settings;
    private final Tensor rows;
    private final Tensor columns;
    private final Tensor whole;
    private final Tensor steps;

    private Adafactor(Settings settings, long[] shape, Memory memory) {
        this.settings = settings;
        boolean factored = shape.length >= 2;
        this.rows = factored ? memory.floats(Arrays.copyOf(shape, shape.length - 1)) : null;
        this.columns = factored ? memory.floats(withoutSecondLast(shape)) : null;
        this.whole = factored ? null : memory.floats(shape);
        this.steps = memory.floats();
    }

    public static RuleMaker maker(TrainSpec spec, Arguments arguments) {
        Settings settings = new Settings(arguments.number("clip_threshold", 1), arguments.number("decay_rate", -0.8));
        return RuleMaker.joining(
                (name, shape) -> true, (name, shape, memory) -> new Adafactor(settings, shape, memory));
    }

    private static long[] withoutSecondLast(long[] shape) {
        long[] rest = Arrays.copyOf(shape, shape.length - 1);
        rest[rest.length - 1] = shape[shape.length - 1];
        return rest;
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        steps.add_(Torch.scalar(1));
        double kept = 1 - Math.pow(steps.item_double(), settings.exponent());
        Tensor squares = gradient.square().add_(Torch.scalar(EPSILON));
        Tensor update = whole == null ? factored(squares, kept) : plain(squares, kept);
        update.mul_(gradient);
        double rms = update.norm().item_double() / Math.sqrt((double) update.numel());
        update.mul_(Torch.scalar(rate / Math.max(1, rms / settings.clip())));
        if (decay != 0) {
            weight.mul_(Torch.scalar(1 - rate * decay));
        }
        weight.sub_(update);
    }

    /** What a gradient is multiplied by, from all squares. */
    private Tensor plain(Tensor squares, double kept) {
        take(whole, squares, kept);
        return whole.rsqrt();
    }

    /** What a gradient is multiplied by, from the means of rows and columns. */
    private Tensor factored(Tensor squares, double kept) {
        take(rows, mean(squares, -1, false), kept);
        take(columns, mean(squares, -2, false), kept);
        Tensor perRow = rows.div(mean(rows, -1, true)).rsqrt_().unsqueeze(-1);
        return perRow.mul(columns.rsqrt().unsqueeze(-2));
    }

    private static Tensor mean(Tensor values, long dimension, boolean kept) {
        return values.mean(new long[] {dimension}, kept, new ScalarTypeOptional());
    }

    private static void take(Tensor average, Tensor values, double kept) {
        average.mul_(Torch.scalar(kept)).add_(values, Torch.scalar(1 - kept));
    }

    @Override
    public SortedMap<String, Tensor> state() {
        return whole == null
                ? Rule.named("exp_avg_sq_row", rows, "exp_avg_sq_col", columns, "step", steps)
                : Rule.named("exp_avg_sq", whole, "step", steps);
    }
}
