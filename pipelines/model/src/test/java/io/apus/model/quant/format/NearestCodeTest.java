package io.apus.model.quant.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestCodeTest {
    /** Against the plain comparison with every code, at random numbers and at every number next to an edge. */
    @Test
    void agreesWithComparingAllCodes() {
        float[] codes = {0.5f, -1f, 0.1f, 0.30000001f, 0.1f, 1f, -0.0f, 0f};
        float[] numbers = new float[4000];
        Random random = new Random(3);
        for (int i = 0; i < numbers.length; i++) {
            float a = codes[random.nextInt(codes.length)];
            float b = codes[random.nextInt(codes.length)];
            float middle = (a + b) / 2;
            numbers[i] = i % 2 == 0 ? random.nextFloat() * 2 - 1 : middle + Math.ulp(middle) * (random.nextInt(7) - 3);
        }
        numbers[0] = Float.NaN;
        try (Scope scope = Scope.open()) {
            long[] got = Torch.toLongs(NearestCode.of(codes).encode(Torch.floats(numbers)));
            assertThat(got[0]).isZero();
            for (int i = 1; i < numbers.length; i++) {
                assertThat(got[i]).as("%s", numbers[i]).isEqualTo(plain(codes, numbers[i]));
            }
        }
    }

    private static int plain(float[] codes, float x) {
        int best = 0;
        for (int i = 1; i < codes.length; i++) {
            if (Math.abs(x - codes[i]) < Math.abs(x - codes[best])) {
                best = i;
            }
        }
        return best;
    }
}
