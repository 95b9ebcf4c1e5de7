package io.apus.model.layer;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Biases of attention scores by distance (ALiBi; Press et al., 2021).
 *
 * @param slopes one for each head
 * @param scale multiplies the biases
 * @param rounded products of slopes and positions are rounded to bfloat16, as Falcon was trained with
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Alibi(float[] slopes, double scale, boolean rounded) {

    /** The paper's slopes: 2^(-8/n), 2^(-16/n) ...; heads beyond a power of two get every other slope of the next power's. */
    public static Alibi of(int heads) {
        float[] slopes = new float[heads];
        int power = Integer.highestOneBit(heads);
        for (int i = 0; i < heads; i++) {
            double exponent = i < power ? -8.0 * (i + 1) / power : -4.0 * (2 * (i - power) + 1) / power;
            slopes[i] = (float) Math.pow(2, exponent);
        }
        return new Alibi(slopes, 1, false);
    }

    public Alibi roundedAndScaled(double factor) {
        return new Alibi(slopes, factor, true);
    }

    /** [1, heads, 1, keys]: the last key's is 0; what is the same for all keys of a query does not matter to a softmax. */
    Tensor biases(Device device, long keys) {
        Tensor positions = device.range(DType.F32, keys);
        Tensor perHead = device.floats(slopes).view(1, -1, 1, 1);
        Tensor products = rounded
                ? half(half(perHead).mul(half(positions.view(1, 1, 1, -1))))
                : perHead.mul(positions.sub(Torch.scalar(keys - 1.0)).view(1, 1, 1, -1));
        return products.sub(products.narrow(3, keys - 1, 1)).mul(Torch.scalar(scale));
    }

    private static Tensor half(Tensor exact) {
        return exact.to(torch.ScalarType.BFloat16).to(torch.ScalarType.Float);
    }
}
