package io.apus.train.optimize.rule;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * The 256 values of bitsandbytes' dynamic 8-bit type (Dettmers, 2015; create_dynamic_map): seven decades, the larger ones in finer
 * steps. Signed for averages of gradients, unsigned for those of their squares.
 */
final class DynamicCode {
    static final DynamicCode SIGNED = new DynamicCode(true);
    static final DynamicCode UNSIGNED = new DynamicCode(false);

    private static final int DECADES = 7;
    private static final float FIRST = 0.1f;

    private final float[] values;
    private final float[] midpoints;
    private final short[] starts;
    private final int zero;

    private DynamicCode(boolean signed) {
        this.values = values(signed);
        this.midpoints = new float[values.length - 1];
        for (int i = 0; i < midpoints.length; i++) {
            midpoints[i] = (values[i] + values[i + 1]) * 0.5f;
        }
        this.starts = starts();
        this.zero = Arrays.binarySearch(values, 0f);
    }

    /** Ascending, with 0 and 1 among them. */
    float[] table() {
        return values.clone();
    }

    private static float[] values(boolean signed) {
        float[] all = new float[256];
        int at = 0;
        try (Scope scope = Scope.open()) {
            for (int decade = 0; decade < DECADES; decade++) {
                int steps = 1 << (signed ? decade : decade + 1);
                Tensor bounds = torch.linspace(
                        Torch.scalar(FIRST), Torch.scalar(1), steps + 1, new TensorOptions(DType.F32.scalarType()));
                Tensor means = bounds.narrow(0, 0, steps)
                        .add(bounds.narrow(0, 1, steps))
                        .div_(Torch.scalar(2));
                float[] scaled =
                        Torch.toFloats(means.mul_(Torch.scalar(Double.parseDouble("1e" + (decade - DECADES + 1)))));
                for (float value : scaled) {
                    all[at++] = value;
                    if (signed) {
                        all[at++] = -value;
                    }
                }
            }
        }
        all[at++] = 0;
        all[at] = 1;
        Arrays.sort(all);
        return all;
    }

    /** Where to begin to search for each value, by its sign, exponent and first seven bits: the midpoints below all such values. */
    private short[] starts() {
        short[] first = new short[1 << Short.SIZE];
        for (int bits = 0; bits < first.length; bits++) {
            float low = Float.intBitsToFloat((bits << Short.SIZE) | ((bits >> (Short.SIZE - 1)) * 0xFFFF));
            int code = 0;
            while (code < midpoints.length && low > midpoints[code]) {
                code++;
            }
            first[bits] = (short) code;
        }
        return first;
    }

    /** The values of codes, uint8 of any shape to float32. A table in Java: indexing a tensor by another takes ten times as long. */
    Tensor decode(Tensor codes) {
        byte[] bytes = Torch.toBytes(codes);
        float[] decoded = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            decoded[i] = values[Byte.toUnsignedInt(bytes[i])];
        }
        return Device.of(codes).floats(decoded).view(Torch.shape(codes));
    }

    /**
     * The nearest codes of values between -1 and 1, as uint8. A negative one never becomes zero: an average keeps its sign, as in
     * bitsandbytes.
     */
    Tensor encode(Tensor normalised) {
        float[] asked = Torch.toFloats(normalised);
        byte[] codes = new byte[asked.length];
        for (int i = 0; i < asked.length; i++) {
            codes[i] = (byte) nearest(asked[i]);
        }
        Tensor result = Device.CPU.empty(DType.U8, Torch.shape(normalised));
        new BytePointer(result.data_ptr()).put(codes);
        return Device.of(normalised).take(result);
    }

    private int nearest(float value) {
        int code = starts[Float.floatToRawIntBits(value) >>> Short.SIZE];
        while (code < midpoints.length && value > midpoints[code]) {
            code++;
        }
        return code == zero && value < 0 ? Math.max(0, code - 1) : code;
    }
}
