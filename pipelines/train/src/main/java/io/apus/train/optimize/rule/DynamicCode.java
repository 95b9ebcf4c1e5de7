package io.apus.train.optimize.rule;

import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
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

    private final boolean signed;
    private final float[] values;
    private final float[] midpoints;

    private DynamicCode(boolean signed) {
        this.signed = signed;
        this.values = values(signed);
        this.midpoints = new float[values.length - 1];
        for (int i = 0; i < midpoints.length; i++) {
            midpoints[i] = (values[i] + values[i + 1]) * 0.5f;
        }
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

    /** The values of codes, [n] uint8 to [n] float32. */
    Tensor decode(Tensor codes) {
        Tensor flat = codes.flatten().to(torch.ScalarType.Int);
        return Torch.floats(values).index_select(0, flat).view(Torch.shape(codes));
    }

    /**
     * The nearest codes of values between -1 and 1, as uint8. A negative one never becomes zero: an average keeps its sign, as in
     * bitsandbytes.
     */
    Tensor encode(Tensor normalised) {
        Tensor codes = torch.bucketize(normalised, Torch.floats(midpoints), true, false);
        if (signed) {
            int zero = Arrays.binarySearch(values, 0f);
            Tensor lost = codes.eq(Torch.scalar(zero)).logical_and(normalised.lt(Torch.scalar(0)));
            codes = codes.sub(lost.to(torch.ScalarType.Int));
        }
        return codes.to(torch.ScalarType.Byte);
    }
}
