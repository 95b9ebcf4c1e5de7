package io.apus.train.parallel;

import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.collective.Collectives;
import org.bytedeco.pytorch.Tensor;

/** Numbers that ranks agree on. */
final class Scalars {
    private Scalars() {}

    /** The sum of all ranks' numbers. */
    static double sum(Collectives ranks, double own) {
        try (Scope scope = Scope.open()) {
            Tensor sum = Device.CPU.doubles(own);
            ranks.allReduceSum(sum).await();
            return sum.item_double();
        }
    }
}
