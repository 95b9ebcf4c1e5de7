package io.apus.train.optimize.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.arguments.Arguments;
import java.util.Map;
import java.util.function.BiFunction;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Three steps of each rule against the formulas of its paper or reference, in double.
 *
 * <p>Float32 keeps 24 bits: a step of at most 0.1 on weights of at most 2 errs by less than 1e-6 each time.
 */
class RuleFormulaTest {
    private static final double TOLERANCE = 3e-6;
    private static final double RATE = 0.01;
    private static final double DECAY = 0.1;
    private static final double B1 = 0.9;
    private static final double B2 = 0.95;
    private static final double EPS = 1e-8;
    private static final int STEPS = 3;

    /** Moves weight {@code w} at step {@code t} (from 1) with gradient {@code g}; {@code s} is four numbers it may remember. */
    private interface Formula {
        double step(double w, double g, double t, double[] s);
    }

    @Test
    void adamW() {
        check(AdamW::maker, Map.of(), (w, g, t, s) -> w * (1 - RATE * DECAY) - adam(g, t, s));
        check(Adam32Bit::maker, Map.of(), (w, g, t, s) -> (w - adam(g, t, s)) * (1 - RATE * DECAY));
    }

    private static double adam(double g, double t, double[] s) {
        s[0] = B1 * s[0] + (1 - B1) * g;
        s[1] = B2 * s[1] + (1 - B2) * g * g;
        double mean = s[0] / (1 - Math.pow(B1, t));
        return RATE * mean / (Math.sqrt(s[1] / (1 - Math.pow(B2, t))) + EPS);
    }

    @Test
    void lion() {
        check(Lion::maker, Map.of(), (w, g, t, s) -> {
            double direction = Math.signum(B1 * s[0] + (1 - B1) * g);
            s[0] = B2 * s[0] + (1 - B2) * g;
            return w * (1 - RATE * DECAY) - RATE * direction;
        });
    }

    @Test
    void sgd() {
        check(Sgd::maker, Map.of(), (w, g, t, s) -> w - RATE * (g + DECAY * w));
        check(Sgd::maker, Map.of("momentum", "0.8"), (w, g, t, s) -> {
            s[0] = 0.8 * s[0] + g + DECAY * w;
            return w - RATE * s[0];
        });
        check(Sgd::maker, Map.of("momentum", "0.8", "nesterov", "true"), (w, g, t, s) -> {
            double slope = g + DECAY * w;
            s[0] = 0.8 * s[0] + slope;
            return w - RATE * (slope + 0.8 * s[0]);
        });
    }

    @Test
    void adagradAndRmsProp() {
        check(Adagrad::maker, Map.of(), (w, g, t, s) -> {
            double slope = g + DECAY * w;
            s[0] += slope * slope;
            return w - RATE * slope / (Math.sqrt(s[0]) + 1e-10);
        });
        check(RmsProp::maker, Map.of("alpha", "0.9"), (w, g, t, s) -> {
            double slope = g + DECAY * w;
            s[0] = 0.9 * s[0] + 0.1 * slope * slope;
            return w - RATE * slope / (Math.sqrt(s[0]) + 1e-8);
        });
    }

    @Test
    void scheduleFree() {
        check(ScheduleFree::adamW, Map.of(), (w, g, t, s) -> {
            s[1] = B2 * s[1] + (1 - B2) * g * g;
            return averaged(w, g / (Math.sqrt(s[1] / (1 - Math.pow(B2, t))) + EPS), t, s, RATE, B1);
        });
        check(ScheduleFree::sgd, Map.of("momentum", "0.7"), (w, g, t, s) -> averaged(w, g, t, s, RATE, 0.7));
        // With beta2 = 0.95 the fifth step is the first that RAdam takes: length(5) = 4.38, length(4) = 3.51.
        check(ScheduleFree::rAdam, Map.of(), (w, g, t, s) -> {
            s[1] = B2 * s[1] + (1 - B2) * g * g;
            return averaged(w, g, t, s, 0, B1);
        });
    }

    /** The paper's x, y, z with x recovered from y and z: y = (1 - b) z + b x. */
    private static double averaged(double y, double g, double t, double[] s, double rate, double b) {
        double z = t == 1 ? y : s[0];
        double x = (y - (1 - b) * z) / b;
        double slope = g + DECAY * y;
        double next = z - rate * slope;
        s[2] += rate * rate;
        double share = s[2] == 0 ? 0 : rate * rate / s[2];
        s[0] = next;
        return (1 - b) * next + b * ((1 - share) * x + share * next);
    }

    @Test
    void scheduleFreeRAdamStartsWhenItsVarianceIsTractable() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                Memory memory = new ResidentMemory(Device.CPU)) {
            TrainSpec spec = spec();
            Rule rule = ScheduleFree.rAdam(spec, new Arguments("optim_args", Map.of()))
                    .of("w", new long[] {1}, memory);
            Tensor weight = Torch.floats(1);
            for (int step = 1; step <= 5; step++) {
                assertThat(weight.item_double()).isEqualTo(1);
                rule.step(weight, Torch.floats(0.5f), RATE, 0);
            }
            // rho_inf = 39, rho_5 = 39 - 10 * 0.95^5 / (1 - 0.95^5) = 4.7946...; the first move takes y all the way to
            // z.
            double power = Math.pow(B2, 5);
            double rho = 39 - 10 * power / (1 - power);
            double rectified = Math.sqrt((rho - 4) * (rho - 2) * 39 / (35 * 37 * rho));
            assertThat(weight.item_double()).isCloseTo(1 - RATE * rectified, within(1e-7));
        }
    }

    @Test
    void adafactorOfAMatrixAndOfAVector() {
        double[][] g = {{0.5, -1, 2}, {0.25, 3, -0.75}};
        double[][] w = {{1, 2, -1}, {0.5, -0.5, 1.5}};
        double[] row = new double[2];
        double[] column = new double[3];
        for (int t = 1; t <= STEPS; t++) {
            double kept = 1 - Math.pow(t, -0.8);
            for (int i = 0; i < 2; i++) {
                row[i] = kept * row[i] + (1 - kept) * (g[i][0] * g[i][0] + g[i][1] * g[i][1] + g[i][2] * g[i][2]) / 3;
            }
            for (int j = 0; j < 3; j++) {
                column[j] = kept * column[j] + (1 - kept) * (g[0][j] * g[0][j] + g[1][j] * g[1][j]) / 2;
            }
            double[][] update = new double[2][3];
            double sum = 0;
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 3; j++) {
                    update[i][j] = g[i][j] / Math.sqrt(row[i] / ((row[0] + row[1]) / 2) * column[j]);
                    sum += update[i][j] * update[i][j];
                }
            }
            double clip = Math.max(1, Math.sqrt(sum / 6));
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 3; j++) {
                    w[i][j] = w[i][j] * (1 - RATE * DECAY) - RATE * update[i][j] / clip;
                }
            }
        }
        float[] got = run(Adafactor::maker, Map.of(), new long[] {2, 3}, new float[] {1, 2, -1, 0.5f, -0.5f, 1.5f}, t ->
                new float[] {0.5f, -1, 2, 0.25f, 3, -0.75f});
        for (int i = 0; i < 6; i++) {
            assertThat(got[i]).isCloseTo((float) w[i / 3][i % 3], within((float) TOLERANCE));
        }
        // One number: its update is always +-1 before clipping, which is no more than the clip.
        float[] single = run(Adafactor::maker, Map.of(), new long[] {1}, new float[] {1}, t -> new float[] {0.25f});
        double shrunk = 1;
        for (int t = 1; t <= STEPS; t++) {
            shrunk = shrunk * (1 - RATE * DECAY) - RATE;
        }
        assertThat(single[0]).isCloseTo((float) shrunk, within((float) TOLERANCE));
    }

    @Test
    void muonBringsSingularValuesCloseToOne() {
        // A diagonal gradient stays diagonal: the iteration is that of its entries, over their norm.
        double[] sigma = {3, 1, 0.5};
        double norm = Math.sqrt(9 + 1 + 0.25);
        double[] w = {1, 1, 1};
        double momentum = 0;
        for (int t = 1; t <= STEPS; t++) {
            momentum = 0.95 * momentum + 1;
            for (int i = 0; i < 3; i++) {
                double x = sigma[i] / norm;
                for (int k = 0; k < 5; k++) {
                    x = 3.4445 * x - 4.7750 * Math.pow(x, 3) + 2.0315 * Math.pow(x, 5);
                }
                w[i] = w[i] * (1 - RATE * DECAY) - RATE * 0.2 * Math.sqrt(4) * x;
            }
        }
        for (long[] shape : new long[][] {{3, 4}, {4, 3}}) {
            float[] weight = new float[12];
            float[] gradient = new float[12];
            for (int i = 0; i < 3; i++) {
                int at = (int) (i * shape[1] + i);
                weight[at] = 1;
                gradient[at] = (float) sigma[i];
            }
            float[] got = run(Muon::maker, Map.of(), shape, weight, t -> gradient);
            for (int i = 0; i < 3; i++) {
                assertThat(got[(int) (i * shape[1] + i)]).isCloseTo((float) w[i], within((float) TOLERANCE));
            }
        }
    }

    @Test
    void eightBitAdamRoundsBothAveragesToTheirCodes() {
        int count = 5000;
        float[] gradient = noise(count, 3);
        float[] got = run(Adam8Bit::maker, Map.of(), new long[] {50, 100}, noise(count, 4), t -> gradient);
        double[] w = doubles(noise(count, 4));
        double[] mean = new double[count];
        double[] squares = new double[count];
        for (int t = 1; t <= STEPS; t++) {
            for (int i = 0; i < count; i++) {
                double g = gradient[i];
                mean[i] = B1 * mean[i] + (1 - B1) * g;
                squares[i] = B2 * squares[i] + (1 - B2) * g * g;
                double step = mean[i] / (1 - Math.pow(B1, t)) / (Math.sqrt(squares[i] / (1 - Math.pow(B2, t))) + EPS);
                w[i] = (w[i] - RATE * step) * (1 - RATE * DECAY);
            }
            round(mean, DynamicCode.SIGNED);
            round(squares, DynamicCode.UNSIGNED);
        }
        // A value at the middle of two codes may go either way in float32: one of a thousand, by one code.
        int different = 0;
        for (int i = 0; i < count; i++) {
            different += Math.abs(got[i] - w[i]) > TOLERANCE ? 1 : 0;
            assertThat(got[i]).isCloseTo((float) w[i], within(2e-3f));
        }
        assertThat(different).isLessThan(count / 1000);
    }

    @Test
    void eightBitLionRoundsItsMomentum() {
        int count = 5000;
        float[] got = run(Lion::maker8Bit, Map.of(), new long[] {50, 100}, noise(count, 4), t -> noise(count, t));
        double[] w = doubles(noise(count, 4));
        double[] momentum = new double[count];
        for (int t = 1; t <= STEPS; t++) {
            float[] gradient = noise(count, t);
            for (int i = 0; i < count; i++) {
                double direction = Math.signum(B1 * momentum[i] + (1 - B1) * gradient[i]);
                w[i] = w[i] * (1 - RATE * DECAY) - RATE * direction;
                momentum[i] = B2 * momentum[i] + (1 - B2) * gradient[i];
            }
            round(momentum, DynamicCode.SIGNED);
        }
        int different = 0;
        for (int i = 0; i < count; i++) {
            different += Math.abs(got[i] - w[i]) > TOLERANCE ? 1 : 0;
        }
        assertThat(different).isLessThan(count / 1000);
    }

    /** To the nearest code of the block's largest, by trying them all; a negative number never to zero. */
    private static void round(double[] values, DynamicCode code) {
        float[] table = code.table();
        for (int from = 0; from < values.length; from += 256) {
            int to = Math.min(from + 256, values.length);
            double largest = 0;
            for (int i = from; i < to; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            for (int i = from; i < to; i++) {
                int best = 0;
                for (int c = 1; c < table.length; c++) {
                    boolean nearer =
                            Math.abs(values[i] / largest - table[c]) < Math.abs(values[i] / largest - table[best]);
                    best = nearer ? c : best;
                }
                best -= code == DynamicCode.SIGNED && values[i] < 0 && table[best] == 0 ? 1 : 0;
                values[i] = table[best] * largest;
            }
        }
    }

    @Test
    void galoreOfARankOneGradientIsAdamAlongIt() {
        // G = u v^T: in the subspace of v the gradient is the vector s u, up to its sign, which an odd rule undoes.
        double[] u = {1, -2, 0.5, 3};
        double[] v = {0.6, 0, -0.8};
        float[] gradient = new float[12];
        for (int i = 0; i < 12; i++) {
            gradient[i] = (float) (u[i / 3] * v[i % 3]);
        }
        TrainSpec spec =
                galore(Map.of("useGalore", true, "galoreRank", 1, "galoreScale", 0.5, "galoreUpdateProjGap", 2));
        BiFunction<TrainSpec, Arguments, RuleMaker> maker = (s, a) -> GaLore.maker(spec, Adam32Bit.maker(spec, a));
        float[] got = run(maker, Map.of(), new long[] {4, 3}, new float[12], t -> gradient);
        for (int i = 0; i < 4; i++) {
            double[] s = new double[4];
            double w = 0;
            double total = 0;
            for (int t = 1; t <= STEPS; t++) {
                total = (total - 0.5 * adam(u[i], t, s)) * (1 - RATE * DECAY);
            }
            for (int j = 0; j < 3; j++) {
                w = total * v[j];
                assertThat(got[i * 3 + j]).isCloseTo((float) w, within((float) TOLERANCE));
            }
        }
    }

    @Test
    void qGaloreRoundsItsProjectionAndWaitsLongerWhenItHardlyTurns() {
        TrainSpec spec = galore(Map.of(
                "useGalore",
                true,
                "galoreRank",
                1,
                "galoreUpdateProjGap",
                1,
                "galoreQuantization",
                true,
                "galoreProjQuant",
                true,
                "galoreProjBits",
                8,
                "galoreProjGroupSize",
                3,
                "galoreQueueSize",
                2));
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                Memory memory = new ResidentMemory(Device.CPU)) {
            Rule rule = GaLore.maker(spec, Adam32Bit.maker(spec, new Arguments("optim_args", Map.of())))
                    .of("model.layers.0.mlp.up_proj.weight", new long[] {4, 3}, memory);
            Tensor weight = Torch.zeros(4, 3);
            Tensor gradient =
                    Torch.floats(1, 0, -1, -2, 0, 2, 0.5f, 0, -0.5f, 3, 0, -3).view(4, 3);
            for (int step = 0; step < 8; step++) {
                rule.step(weight, gradient, RATE, 0);
            }
            // Chosen at 0, 1, 2 (then two cosines of 1 are there: gap 2), at 2 + 2 = 4 (gap 4); step 6 is no multiple
            // of 4.
            assertThat(Torch.toFloats(rule.state().get("gap_and_count"))).containsExactly(4, 4);
            // +-0.70710678 and 0 in 256 levels: scale 1.41421356 / 255, zero point 128 (127.5 rounded to even).
            float[] scales = Torch.toFloats(rule.state().get("right_scales"));
            assertThat(scales[0]).isCloseTo(1.4142135f / 255, within(1e-8f));
            assertThat(Torch.toFloats(rule.state().get("right_zeros"))).containsExactly(128);
            assertThat(Torch.toLongs(rule.state().get("right"))).contains(128, 0);
        }
    }

    private interface Gradients {
        float[] at(int step);
    }

    private static void check(
            BiFunction<TrainSpec, Arguments, RuleMaker> maker, Map<String, String> options, Formula formula) {
        float[] start = noise(12, 1);
        float[] got = run(maker, options, new long[] {3, 4}, start, t -> noise(12, 10 + t));
        for (int i = 0; i < start.length; i++) {
            double w = start[i];
            double[] s = new double[4];
            for (int t = 1; t <= STEPS; t++) {
                w = formula.step(w, noise(12, 10 + t)[i], t, s);
            }
            assertThat(got[i]).isCloseTo((float) w, within((float) TOLERANCE));
        }
    }

    private static float[] run(
            BiFunction<TrainSpec, Arguments, RuleMaker> maker,
            Map<String, String> options,
            long[] shape,
            float[] start,
            Gradients gradients) {
        Torch.threads(1);
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                Memory memory = new ResidentMemory(Device.CPU)) {
            Rule rule = maker.apply(spec(), new Arguments("optim_args", options))
                    .of("model.layers.0.mlp.up_proj.weight", shape, memory);
            Tensor weight = Torch.floats(start).view(shape);
            for (int t = 1; t <= STEPS; t++) {
                rule.step(weight, Torch.floats(gradients.at(t)).view(shape), RATE, DECAY);
            }
            return Torch.toFloats(weight);
        }
    }

    private static float[] noise(int count, int seed) {
        java.util.Random random = new java.util.Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() / 2;
        }
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }

    private static TrainSpec spec() {
        return new ObjectMapper().convertValue(Map.of(), TrainSpec.class);
    }

    private static TrainSpec galore(Map<String, Object> options) {
        return new ObjectMapper().convertValue(Map.of("galore", options), TrainSpec.class);
    }
}
