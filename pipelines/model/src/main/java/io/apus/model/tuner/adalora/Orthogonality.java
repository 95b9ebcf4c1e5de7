package io.apus.model.tuner.adalora;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** How far the rows of a matrix are from being orthonormal: |A A^T - I|, Frobenius norm. */
final class Orthogonality {
    private Orthogonality() {}

    /** Its derivative, 2 (A A^T - I) A / |A A^T - I|; zeros where the rows are orthonormal. */
    static Tensor gradient(Tensor rows) {
        Tensor off = rows.mm(rows.t()).sub_(Device.of(rows).identity(DType.of(rows), rows.size(0)));
        double norm = off.norm().item_double();
        return norm == 0 ? torch.zeros_like(rows) : off.mm(rows).mul_(Torch.scalar(2 / norm));
    }
}
