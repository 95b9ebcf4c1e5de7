package io.apus.model.quant.format;

import io.apus.tensor.Scope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Half-quadratic quantisation (Badri and Shaji, 2023): moves the zero of each group so that the p-norm of the error, p = 0.7, shrinks,
 * with the parameters of hqq's default solver.
 *
 * @param numbers whole numbers as float32, shape of the groups
 * @param scale groups are multiplied with it before rounding
 * @param zero added before rounding
 */
record HqqSolver(Tensor numbers, Tensor scale, Tensor zero) {
    private static final double NORM = 0.7;
    private static final double GROWTH = 1.01;
    private static final int STEPS = 20;

    /**
     * @param groups float32, one group a column ({@code axis} 0) or a row ({@code axis} 1)
     * @param zero first guess, of the groups' shape with one along {@code axis}
     * @param top largest number
     */
    static HqqSolver solve(Tensor groups, Tensor scale, Tensor zero, int top, int axis) {
        try (Scope scope = Scope.open()) {
            Tensor present = zero;
            double beta = 10;
            double best = Double.POSITIVE_INFINITY;
            for (int step = 0; step < STEPS; step++) {
                try (Scope inner = Scope.open()) {
                    Tensor rounded = rounded(groups, scale, present, top);
                    Tensor error = groups.sub(rounded.sub(present).div(scale));
                    Tensor sparse = shrunk(error, beta);
                    Tensor target = groups.sub(sparse).mul(scale);
                    present = inner.keep(rounded.sub(target).mean(new long[] {axis}, true, noType()));
                    float size = error.abs().mean().item_float();
                    beta *= GROWTH;
                    if (size >= best) {
                        break;
                    }
                    best = size;
                }
            }
            return new HqqSolver(scope.keep(rounded(groups, scale, present, top)), scale, scope.keep(present));
        }
    }

    private static ScalarTypeOptional noType() {
        return new ScalarTypeOptional();
    }

    static Tensor rounded(Tensor groups, Tensor scale, Tensor zero, int top) {
        Tensor numbers = groups.mul(scale).add(zero).round();
        return Blocks.clamped(numbers, 0, top);
    }

    /** sign(x) * max(0, |x| - |x|^(p - 1) / beta). */
    private static Tensor shrunk(Tensor values, double beta) {
        Tensor size = values.abs();
        Tensor less = size.sub(size.pow(new Scalar(NORM - 1)).mul(new Scalar(1 / beta)));
        return less.clamp_min(new Scalar(0.0)).mul(values.sign());
    }
}
