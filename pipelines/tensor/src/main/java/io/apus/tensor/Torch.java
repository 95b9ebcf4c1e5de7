package io.apus.tensor;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
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

    /** An int64 vector on the CPU. */
    public static Tensor longs(long... values) {
        return Device.CPU.longs(values);
    }

    /** A float32 vector on the CPU. */
    public static Tensor floats(float... values) {
        return Device.CPU.floats(values);
    }

    /** A float32 tensor of zeros on the CPU. */
    public static Tensor zeros(long... shape) {
        return Device.CPU.zeros(DType.F32, shape);
    }

    /** A float32 tensor on the CPU whose contents are whatever the memory held. */
    public static Tensor emptyFloats(long... shape) {
        return Device.CPU.empty(DType.F32, shape);
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

    /** The values in row-major order, converted to float64. */
    public static double[] toDoubles(Tensor tensor) {
        try (Scope scope = Scope.open()) {
            Tensor plain = tensor.detach().cpu().to(torch.ScalarType.Double).contiguous();
            double[] values = new double[Math.toIntExact(plain.numel())];
            new DoublePointer(plain.data_ptr()).get(values);
            return values;
        }
    }

    /** The values in row-major order of a tensor of one byte an element. */
    public static byte[] toBytes(Tensor tensor) {
        try (Scope scope = Scope.open()) {
            Tensor plain = tensor.detach().cpu().contiguous();
            byte[] values = new byte[Math.toIntExact(plain.numel())];
            new BytePointer(plain.data_ptr()).get(values);
            return values;
        }
    }

    /** {@code tensor} in the element type of {@code other}: itself where it has that already. */
    public static Tensor like(Tensor tensor, Tensor other) {
        torch.ScalarType wanted = other.scalar_type().intern();
        return tensor.scalar_type().intern() == wanted ? tensor : tensor.to(wanted);
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
