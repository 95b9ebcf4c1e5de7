package io.apus.export.gguf;

/** IEEE 754 binary16, converted with round-half-to-even as ggml and libtorch do. */
final class HalfFloat {
    private HalfFloat() {}

    /** The nearest half; values beyond the range become infinite. */
    static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude >= 0x7f800000) {
            return (short) (sign | 0x7c00 | (magnitude > 0x7f800000 ? 0x0200 : 0));
        }
        if (magnitude >= 0x477ff000) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x38800000) {
            // Subnormal in half precision: adding 0.5 lines the mantissa up so that the float unit does the rounding.
            int aligned = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f);
            return (short) (sign | (aligned - 0x3f000000));
        }
        int roundedUp = magnitude + 0x0fff + ((magnitude >>> 13) & 1);
        return (short) (sign | ((roundedUp - 0x38000000) >>> 13));
    }

    static float toFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1f;
        int mantissa = half & 0x3ff;
        if (exponent == 0) {
            float subnormal = mantissa * 0x1p-24f;
            return sign == 0 ? subnormal : -subnormal;
        }
        if (exponent == 31) {
            return Float.intBitsToFloat(sign | 0x7f800000 | (mantissa << 13));
        }
        return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (mantissa << 13));
    }
}
