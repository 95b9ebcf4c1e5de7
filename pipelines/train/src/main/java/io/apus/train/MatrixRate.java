package io.apus.train;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** How fast a device multiplies matrices: what a training step can be compared with. Measured once in a process. */
public final class MatrixRate {
    private static final int SIZE = 1024;
    /** A GPU is not busy with less; random numbers, because multiplying zeros takes less power and thus less time. */
    private static final int CUDA_SIZE = 8192;

    private static final double MEASURED_SECONDS = 0.5;
    private static final Map<Kind, Double> MEASURED = new ConcurrentHashMap<>();

    private record Kind(Device device, DType dtype) {}

    private MatrixRate() {}

    /** Operations (additions and multiplications) a second on {@code device} with operands of {@code dtype}. */
    public static double operationsPerSecond(Device device, DType dtype) {
        return MEASURED.computeIfAbsent(new Kind(device, dtype), MatrixRate::measure);
    }

    private static double measure(Kind kind) {
        int size = kind.device().isCuda() ? CUDA_SIZE : SIZE;
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor a = kind.device()
                    .zeros(DType.F32, size, size)
                    .uniform_()
                    .to(kind.dtype().scalarType());
            Tensor b = kind.device()
                    .zeros(DType.F32, size, size)
                    .uniform_()
                    .to(kind.dtype().scalarType());
            Tensor product = kind.device().zeros(kind.dtype(), size, size);
            products(kind.device(), product, a, b, 2);
            int products = 0;
            double seconds = 0;
            while (seconds < MEASURED_SECONDS) {
                seconds += products(kind.device(), product, a, b, 4);
                products += 4;
            }
            return 2.0 * size * size * size * products / seconds;
        }
    }

    /** Seconds that {@code count} products take. */
    private static double products(Device device, Tensor product, Tensor a, Tensor b, int count) {
        device.synchronize();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            torch.mm_out(product, a, b);
        }
        device.synchronize();
        return (System.nanoTime() - start) / 1e9;
    }
}
