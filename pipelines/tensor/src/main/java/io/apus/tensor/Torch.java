package io.apus.tensor;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Process-wide settings of libtorch and copies between Java arrays and tensors. */
public final class Torch {
    static {
        NativeLibrary.load();
    }

    private Torch() {}

    /** Seeds the default generator that dropout and random fills draw from. */
    public static void seed(long seed) {
        torch.manual_seed(seed);
    }

    /** Threads that one operation may use; OpenBLAS reads its own environment variable instead. */
    public static void threads(int count) {
        torch.set_num_threads(count);
    }

    public static int threads() {
        return torch.get_num_threads();
    }

    /** Until closed, this thread records no gradient graph. */
    public static NoGrad noGrad() {
        return new NoGrad();
    }

    /** An int64 vector. */
    public static Tensor longs(long... values) {
        Tensor result = torch.empty(new long[] {values.length}, options(DType.I64), null);
        try (BytePointer data = new BytePointer(result.data_ptr())) {
            new LongPointer(data).put(values, 0, values.length);
        }
        return result;
    }

    /** A float32 vector. */
    public static Tensor floats(float... values) {
        Tensor result = emptyFloats(values.length);
        try (BytePointer data = new BytePointer(result.data_ptr())) {
            new FloatPointer(data).put(values, 0, values.length);
        }
        return result;
    }

    /** A float32 tensor of zeros. */
    public static Tensor zeros(long... shape) {
        return torch.zeros(shape);
    }

    /** A float32 tensor whose contents are whatever the memory held. */
    public static Tensor emptyFloats(long... shape) {
        return torch.empty(shape);
    }

    static TensorOptions options(DType dtype) {
        return new TensorOptions(dtype.scalarType());
    }

    /** The values in row-major order, converted to float32. */
    public static float[] toFloats(Tensor tensor) {
        try (Scope scope = Scope.open()) {
            Tensor plain = tensor.detach().cpu().to(torch.ScalarType.Float).contiguous();
            float[] values = new float[Math.toIntExact(plain.numel())];
            new FloatPointer(plain.data_ptr()).get(values);
            return values;
        }
    }

    /** The values in row-major order, converted to int64. */
    public static long[] toLongs(Tensor tensor) {
        try (Scope scope = Scope.open()) {
            Tensor plain = tensor.detach().cpu().to(torch.ScalarType.Long).contiguous();
            long[] values = new long[Math.toIntExact(plain.numel())];
            new LongPointer(plain.data_ptr()).get(values);
            return values;
        }
    }

    public static long[] shape(Tensor tensor) {
        long[] shape = new long[Math.toIntExact(tensor.dim())];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    /** Bytes that the elements take, shared storage counted as if it were its own. */
    public static long bytes(Tensor tensor) {
        return tensor.numel() * tensor.element_size();
    }

    /** A number as an operand. */
    public static Scalar scalar(double value) {
        return new Scalar(value);
    }
}
