package io.apus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class KernelsTest {
    /** The dispatcher gets as far as looking for a kernel only with the arguments that the operator declares. */
    @Test
    void packedAttentionHandsItsOperatorWhatItDeclares() {
        try (Scope scope = Scope.open()) {
            Tensor states = Device.CPU.zeros(DType.BF16, 6, 2, 8);
            Tensor starts = Device.CPU.take(Device.CPU.longs(0, 2, 6), DType.I32);
            assertThatThrownBy(() -> Kernels.packedAttention(states, states, states, starts, 4, 3, 0.5))
                    .hasMessageContaining("'aten::_flash_attention_forward' with arguments from the 'CPU' backend");
        }
    }

    @Test
    void fusedAdamWIsTheTextbookStep() {
        try (Scope scope = Scope.open()) {
            double lr = 0.1;
            double beta1 = 0.9;
            double beta2 = 0.95;
            double decay = 0.01;
            double eps = 1e-8;
            double parameter = 0.5;
            double mean = 0;
            double square = 0;
            Tensor tensor = Torch.floats(0.5f, 0.5f);
            Tensor m = Torch.zeros(2);
            Tensor v = Torch.zeros(2);
            for (int step = 1; step <= 3; step++) {
                double gradient = 0.3 * step;
                Tensor grad = Torch.floats((float) gradient, (float) gradient);
                Tensor count = Torch.floats(step).view(new long[0]);
                Kernels.fusedAdamW(
                        List.of(tensor),
                        List.of(grad),
                        List.of(m),
                        List.of(v),
                        List.of(count),
                        lr,
                        beta1,
                        beta2,
                        decay,
                        eps);
                parameter *= 1 - lr * decay;
                mean = beta1 * mean + (1 - beta1) * gradient;
                square = beta2 * square + (1 - beta2) * gradient * gradient;
                double corrected = mean / (1 - Math.pow(beta1, step));
                double scale = Math.sqrt(square / (1 - Math.pow(beta2, step))) + eps;
                parameter -= lr * corrected / scale;
            }
            assertThat(Torch.toFloats(tensor)[1]).isCloseTo((float) parameter, Offset.offset(1e-6f));
        }
    }

    @Test
    void groupedCausalAttentionEqualsSoftmaxByHand() {
        try (Scope scope = Scope.open()) {
            Torch.seed(3);
            Tensor q = org.bytedeco.pytorch.global.torch.randn(1, 4, 5, 8);
            Tensor k = org.bytedeco.pytorch.global.torch.randn(1, 2, 5, 8);
            Tensor v = org.bytedeco.pytorch.global.torch.randn(1, 2, 5, 8);
            float[] got = Torch.toFloats(Kernels.attention(q, k, v, null, true, 0.25));
            float[] want = new float[got.length];
            for (int head = 0; head < 4; head++) {
                attendByHand(Torch.toFloats(q), Torch.toFloats(k), Torch.toFloats(v), head, head / 2, want);
            }
            assertThat(got).containsExactly(want, Offset.offset(1e-5f));
        }
    }

    private static void attendByHand(float[] q, float[] k, float[] v, int head, int group, float[] out) {
        for (int t = 0; t < 5; t++) {
            double total = 0;
            double[] sum = new double[8];
            for (int s = 0; s <= t; s++) {
                double score = 0;
                for (int d = 0; d < 8; d++) {
                    score += q[(head * 5 + t) * 8 + d] * k[(group * 5 + s) * 8 + d];
                }
                double weight = Math.exp(score * 0.25);
                total += weight;
                for (int d = 0; d < 8; d++) {
                    sum[d] += weight * v[(group * 5 + s) * 8 + d];
                }
            }
            for (int d = 0; d < 8; d++) {
                out[(head * 5 + t) * 8 + d] = (float) (sum[d] / total);
            }
        }
    }
}
