package io.apus.train.parallel;

import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.collective.Collectives;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Numbers that ranks agree on. */
final class Scalars {
    private Scalars() {}

    /** The sum of all ranks' numbers. */
    static double sum(Collectives ranks, double own) {
        try (Scope scope = Scope.open()) {
            Tensor sum = torch.empty(new long[] {1}, new TensorOptions(DType.F64.scalarType()), null);
            DoublePointer value = new DoublePointer(sum.data_ptr());
            value.put(own);
            ranks.allReduceSum(sum).await();
            return value.get();
        }
    }
}
