package io.apus.train;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** How fast this machine multiplies float32 matrices: what a training step can be compared with. Measured once in a process. */
final class MatrixRate {
    private static final int SIZE = 1024;
    private static final double MEASURED_SECONDS = 0.5;
    private static double measured;

    private MatrixRate() {}

    /** Operations (additions and multiplications) a second, of products of 1024 x 1024 matrices. */
    static synchronized double operationsPerSecond() {
        if (measured == 0) {
            measured = measure();
        }
        return measured;
    }

    private static double measure() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor a = Torch.zeros(SIZE, SIZE).fill_(Torch.scalar(0.5));
            Tensor b = Torch.zeros(SIZE, SIZE).fill_(Torch.scalar(0.25));
            Tensor product = Torch.zeros(SIZE, SIZE);
            torch.mm_out(product, a, b);
            long start = System.nanoTime();
            int products = 0;
            double seconds = 0;
            while (seconds < MEASURED_SECONDS) {
                torch.mm_out(product, a, b);
                products++;
                seconds = (System.nanoTime() - start) / 1e9;
            }
            return 2.0 * SIZE * SIZE * SIZE * products / seconds;
        }
    }
}
