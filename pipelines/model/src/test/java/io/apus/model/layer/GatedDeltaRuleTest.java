package io.apus.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class GatedDeltaRuleTest {
    private static final int TOKENS = 150;
    private static final int KEY = 4;
    private static final int VALUE = 3;

    /** More than two chunks, against one step a token. */
    @Test
    void chunksEqualStepsOfOneToken() {
        Random random = new Random(5);
        double[][] query = rows(random, KEY);
        double[][] key = rows(random, KEY);
        double[][] value = rows(random, VALUE);
        double[] decay = random.doubles(TOKENS, -0.2, 0).toArray();
        double[] strength = random.doubles(TOKENS, 0, 1).toArray();
        try (Scope scope = Scope.open()) {
            float[] got = Torch.toFloats(
                    GatedDeltaRule.apply(tensor(query), tensor(key), tensor(value), tensor(decay), tensor(strength)));
            assertThat(got).containsExactly(steps(query, key, value, decay, strength), Offset.offset(1e-4f));
        }
    }

    private static double[][] rows(Random random, int width) {
        double[][] rows = new double[TOKENS][];
        for (int t = 0; t < TOKENS; t++) {
            rows[t] = random.doubles(width, -1, 1).toArray();
        }
        return rows;
    }

    private static Tensor tensor(double[]... rows) {
        float[] values = new float[rows.length * rows[0].length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rows[i / rows[0].length][i % rows[0].length];
        }
        Tensor flat = Torch.floats(values);
        return rows.length == 1 ? flat.view(1, -1) : flat.view(1, rows.length, rows[0].length);
    }

    private static float[] steps(
            double[][] query, double[][] key, double[][] value, double[] decay, double[] strength) {
        double[][] state = new double[KEY][VALUE];
        float[] results = new float[TOKENS * VALUE];
        for (int t = 0; t < TOKENS; t++) {
            double[] q = unit(query[t]);
            double[] k = unit(key[t]);
            for (int v = 0; v < VALUE; v++) {
                double held = 0;
                for (int i = 0; i < KEY; i++) {
                    state[i][v] *= Math.exp(decay[t]);
                    held += state[i][v] * k[i];
                }
                double read = 0;
                for (int i = 0; i < KEY; i++) {
                    state[i][v] += k[i] * strength[t] * (value[t][v] - held);
                    read += state[i][v] * q[i];
                }
                results[t * VALUE + v] = (float) (read / Math.sqrt(KEY));
            }
        }
        return results;
    }

    private static double[] unit(double[] row) {
        double squares = 1e-6;
        for (double x : row) {
            squares += x * x;
        }
        double length = Math.sqrt(squares);
        double[] result = row.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] /= length;
        }
        return result;
    }
}
