package io.apus.export.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GgufTypeTest {
    @Test
    void everyHalfSurvivesTheRoundTripThroughFloat() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = HalfFloat.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertThat(HalfFloat.of(value)).as("bits %x", bits).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void halvesRoundToTheNearestAndTiesToEven() {
        float one = 1f;
        float step = 0x1p-10f;
        assertThat(HalfFloat.toFloat(HalfFloat.of(one + step / 2))).isEqualTo(one);
        assertThat(HalfFloat.toFloat(HalfFloat.of(one + step * 1.5f))).isEqualTo(one + 2 * step);
        assertThat(HalfFloat.toFloat(HalfFloat.of(one + step * 0.51f))).isEqualTo(one + step);
        assertThat(HalfFloat.toFloat(HalfFloat.of(65519.996f))).isEqualTo(65504f);
        assertThat(HalfFloat.toFloat(HalfFloat.of(65520f))).isInfinite();
        assertThat(HalfFloat.toFloat(HalfFloat.of(0x1p-25f))).isZero();
        assertThat(HalfFloat.toFloat(HalfFloat.of(-0x1.8p-24f))).isEqualTo(-0x1p-23f);
        assertThat(HalfFloat.toFloat(HalfFloat.of(Float.NaN))).isNaN();
    }

    @Test
    void aQ8BlockIsItsHalfScaleAndTheRoundedBytes() {
        float[] block = new float[32];
        block[0] = 127f;
        block[1] = -127f;
        block[2] = 2.5f;
        block[3] = -2.5f;
        block[4] = 2.4f;
        ByteBuffer bytes = encode(block);
        assertThat(bytes.remaining()).isEqualTo(34);
        assertThat(HalfFloat.toFloat(bytes.getShort())).isEqualTo(1f);
        byte[] quants = new byte[32];
        bytes.get(quants);
        assertThat(quants).startsWith(127, -127, 3, -3, 2, 0);
    }

    @Test
    void q8ErrorIsAtMostHalfAStepOfItsBlock() {
        Random random = new Random(7);
        float[] block = new float[32];
        float largest = 0;
        for (int i = 0; i < 32; i++) {
            block[i] = (float) random.nextGaussian();
            largest = Math.max(largest, Math.abs(block[i]));
        }
        float[] back = new float[32];
        GgufType.Q8_0.decode(encode(block), back, 0);
        // Half a quantisation step, and the scale's own rounding to half precision (2^-11 of each value).
        float bound = largest / 127 / 2 + largest * 0x1p-11f;
        for (int i = 0; i < 32; i++) {
            assertThat(Math.abs(back[i] - block[i])).isLessThanOrEqualTo(bound);
        }
    }

    @Test
    void aBlockOfZerosStaysZero() {
        float[] back = new float[32];
        GgufType.Q8_0.decode(encode(new float[32]), back, 0);
        assertThat(back).containsOnly(0f);
    }

    private static ByteBuffer encode(float[] block) {
        ByteBuffer out = ByteBuffer.allocate(34).order(ByteOrder.LITTLE_ENDIAN);
        GgufType.Q8_0.encode(block, 0, out);
        return out.flip();
    }
}
