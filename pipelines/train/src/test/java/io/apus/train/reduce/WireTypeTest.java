package io.apus.train.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Traffic;
import io.apus.train.parallel.ThreadRanks;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/**
 * What a sum over ranks loses by travelling in bfloat16. Its numbers have 8 significant bits, so that rounding one costs at most a share
 * u = 2^-8 of it. A sum of n addends whose partial sums are rounded k times in all is then off by no more than ((1 + u)^k - 1) times the
 * sum of the addends' sizes (Higham, Accuracy and Stability of Numerical Algorithms, section 4.2).
 */
class WireTypeTest {
    private static final int RANKS = 3;
    private static final int COUNT = 3000;
    private static final double U = 1.0 / 256;
    /** What float32 loses beside it, and what the reference in float64 does not. */
    private static final double FLOAT32 = 1e-6;

    @Test
    void anAllReduceRoundsEveryAddendAndEverySumOnce() throws Exception {
        // Each addend once, and each of the RANKS - 1 sums.
        List<float[]> sums = onRanks(WireType.BFLOAT16, COUNT * 2L);

        assertThat(worst(sums.get(0))).isBetween(FLOAT32, Math.pow(1 + U, RANKS) - 1);
        assertThat(bias(sums.get(0))).isLessThan(U / 20);
        assertThat(sums.get(1)).isEqualTo(sums.get(0));
        assertThat(sums.get(2)).isEqualTo(sums.get(0));
        assertThat(worst(onRanks(WireType.FLOAT32, COUNT * 4L).get(0))).isLessThan(FLOAT32);
    }

    @Test
    void whatDoesNotTravelIsNotRounded() {
        try (Scope scope = Scope.open()) {
            Tensor own = Torch.floats(addend(0));
            WireType.BFLOAT16.allReduceSum(Collectives.alone(), own).await();
            assertThat(Torch.toFloats(own)).isEqualTo(addend(0));
        }
    }

    @Test
    void aReduceScatterRoundsEveryAddendOnceAndTheSumOnce() throws Exception {
        List<float[]> parts = ThreadRanks.run(RANKS, ranks -> {
            try (Scope scope = Scope.open()) {
                Tensor part = Torch.zeros(COUNT / RANKS);
                WireType.BFLOAT16
                        .reduceScatterSum(ranks, Torch.floats(addend(ranks.rank())), part)
                        .await();
                assertThat(ranks.traffic().bytes(Traffic.Kind.REDUCE_SCATTER))
                        .isEqualTo(COUNT * 2L / RANKS * (RANKS - 1));
                return Torch.toFloats(part);
            }
        });

        float[] whole = new float[COUNT];
        for (int rank = 0; rank < RANKS; rank++) {
            System.arraycopy(parts.get(rank), 0, whole, rank * COUNT / RANKS, COUNT / RANKS);
        }
        assertThat(worst(whole)).isBetween(FLOAT32, Math.pow(1 + U, 2) - 1);
    }

    /** @param bytes of the tensor on the wire */
    private static List<float[]> onRanks(WireType wire, long bytes) throws Exception {
        return ThreadRanks.run(RANKS, ranks -> {
            try (Scope scope = Scope.open()) {
                Tensor own = Torch.floats(addend(ranks.rank()));
                wire.allReduceSum(ranks, own).await();
                assertThat(DType.of(own)).isEqualTo(DType.F32);
                assertThat(ranks.traffic().bytes(Traffic.Kind.ALL_REDUCE)).isEqualTo(2 * sent(ranks, bytes));
                return Torch.toFloats(own);
            }
        });
    }

    private static long sent(Collectives ranks, long bytes) {
        return bytes / ranks.size() * (ranks.size() - 1);
    }

    /** As gradients are: of many sizes, with both signs. */
    private static float[] addend(int rank) {
        Random random = new Random(rank + 1);
        float[] values = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            values[i] = (float) (random.nextGaussian() * Math.exp(4 * random.nextGaussian()));
        }
        return values;
    }

    /** The largest error of a sum, as a share of the sum of its addends' sizes. */
    private static double worst(float[] sums) {
        double worst = 0;
        for (double error : errors(sums)) {
            worst = Math.max(worst, Math.abs(error));
        }
        return worst;
    }

    /** The mean error, as the other: rounding to even leans to neither side. */
    private static double bias(float[] sums) {
        double sum = 0;
        for (double error : errors(sums)) {
            sum += error;
        }
        return Math.abs(sum / COUNT);
    }

    private static double[] errors(float[] sums) {
        double[] errors = new double[COUNT];
        float[][] addends = {addend(0), addend(1), addend(2)};
        for (int i = 0; i < COUNT; i++) {
            double exact = (double) addends[0][i] + addends[1][i] + addends[2][i];
            double sizes = Math.abs(addends[0][i]) + Math.abs(addends[1][i]) + Math.abs(addends[2][i]);
            errors[i] = (sums[i] - exact) / sizes;
        }
        return errors;
    }
}
