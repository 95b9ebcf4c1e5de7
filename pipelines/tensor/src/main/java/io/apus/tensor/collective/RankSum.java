package io.apus.tensor.collective;

import io.apus.tensor.DType;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;

/** The parts that all ranks sent to this one, and their sum: one after the other, so that it does not depend on who was first. */
record RankSum(Tensor received, Tensor part) {
    /** Leaves the sum of {@code received}'s rows in {@code part} and frees the rows. */
    void take() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            boolean narrow = part.element_size() < Float.BYTES && part.is_floating_point();
            Tensor first = received.select(0, 0);
            Tensor sum = narrow ? first.to(DType.F32.scalarType()) : first;
            for (long rank = 1; rank < received.size(0); rank++) {
                sum.add_(received.select(0, rank));
            }
            part.copy_(sum.view_as(part));
        } finally {
            Scope.release(received);
        }
    }
}
