package io.apus.bench.train;

import io.apus.model.DecoderModel;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The matrix products of one training step and nothing else: for every linear map of every layer and for the output head the product of the
 * forward pass and the two of the backward pass, into memory that is there already. This is what the machine's BLAS gives on these shapes. As
 * in a step, every layer has tensors of its own: those of a single one would stay in the processor's cache.
 */
final class MatrixProducts implements AutoCloseable {
    /** y = x w^T with gradients, x [tokens, in], w [out, in], y [tokens, out]. */
    private record LinearMap(Tensor x, Tensor w, Tensor y, Tensor gradientOfX, Tensor gradientOfW) {
        static LinearMap of(long tokens, long in, long out) {
            return new LinearMap(
                    random(tokens, in), random(out, in), random(tokens, out), random(tokens, in), random(out, in));
        }

        private static Tensor random(long... shape) {
            try (Scope scope = Scope.open()) {
                return Scope.own(Torch.zeros(shape).normal_());
            }
        }

        void multiply() {
            torch.mm_out(y, x, w.t());
            torch.mm_out(gradientOfX, y, w);
            torch.mm_out(gradientOfW, y.t(), x);
        }

        double operations() {
            return 3 * 2.0 * x.numel() * w.size(0);
        }

        void release() {
            List.of(x, w, y, gradientOfX, gradientOfW).forEach(Scope::release);
        }
    }

    private final List<LinearMap> maps = new ArrayList<>();

    MatrixProducts(DecoderModel model, int tokens) {
        int hidden = model.config().hiddenSize();
        model.projections()
                .values()
                .forEach(slot -> maps.add(
                        LinearMap.of(tokens, slot.get().inFeatures(), slot.get().outFeatures())));
        maps.add(LinearMap.of(tokens, hidden, model.config().vocabSize()));
    }

    /** All products of all layers; returns how many operations that were. */
    double multiply() {
        return maps.stream().mapToDouble(MatrixProducts::multiply).sum();
    }

    private static double multiply(LinearMap map) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            map.multiply();
        }
        return map.operations();
    }

    @Override
    public void close() {
        maps.forEach(LinearMap::release);
    }
}
