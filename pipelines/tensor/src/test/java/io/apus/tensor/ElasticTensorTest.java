package io.apus.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ElasticTensorTest {
    @Test
    void viewsAndRecordedGraphsSeeTheMemoryThatCameBack() {
        long before = Scope.liveNatives();
        try (Scope scope = Scope.open();
                ElasticTensor flat = new ElasticTensor(Torch.zeros(1), 8)) {
            Tensor weight = Torch.zeros(2, 3);
            weight.set_data(flat.tensor().narrow(0, 2, 6).view(2, 3));
            weight.set_requires_grad(true);
            fill(flat, 2);
            Tensor input = torch.ones(5, 3).set_requires_grad(true);
            Tensor output = torch.linear(input, weight);
            flat.release();
            assertThat(weight.storage().nbytes()).isZero();
            assertThat(Torch.shape(weight)).containsExactly(2, 3);
            assertThat(weight.requires_grad()).isTrue();

            fill(flat, 3);
            output.backward(torch.ones_like(output), new BoolOptional(), false, new TensorArrayRefOptional());

            assertThat(Torch.toFloats(output)).containsOnly(6);
            assertThat(Torch.toFloats(new Tensor(input.grad()))).containsOnly(6);
            assertThat(Torch.toFloats(new Tensor(weight.grad()))).containsOnly(5);
            assertThat(weight.storage().nbytes()).isEqualTo(32);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
    }

    private static void fill(ElasticTensor flat, double value) {
        flat.take();
        try (NoGrad guard = Torch.noGrad()) {
            flat.tensor().fill_(Torch.scalar(value));
        }
    }
}
