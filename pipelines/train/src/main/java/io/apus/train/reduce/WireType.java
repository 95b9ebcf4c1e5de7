package io.apus.train.reduce;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Pending;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** The type in which gradients travel: their own, or bfloat16 at half the bytes. */
public enum WireType {
    FLOAT32,
    /** Every rank's addend is rounded to 8 bits of mantissa, and so is the sum, or each step of it where ranks add up one after the other. */
    BFLOAT16;

    /** As {@link Collectives#allReduceSum}. */
    public Pending allReduceSum(Collectives ranks, Tensor tensor) {
        // What does not travel keeps its bits.
        return this == FLOAT32 || ranks.size() == 1
                ? ranks.allReduceSum(tensor)
                : narrowed(tensor, sent -> ranks.allReduceSum(sent).then(() -> take(tensor, sent)));
    }

    /** As {@link Collectives#reduceScatterSum}; the sum itself is taken in float32. */
    public Pending reduceScatterSum(Collectives ranks, Tensor whole, Tensor part) {
        if (this == FLOAT32) {
            return ranks.reduceScatterSum(whole, part);
        }
        return narrowed(whole, sent -> {
            try (Scope scope = Scope.open()) {
                Tensor received = Scope.own(Device.of(sent).empty(DType.of(sent), part.numel()));
                return ranks.reduceScatterSum(sent, received).then(() -> {
                    take(part, received);
                    Scope.release(sent);
                });
            }
        });
    }

    private static Pending narrowed(Tensor tensor, Function<Tensor, Pending> reduction) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            return reduction.apply(Scope.own(tensor.to(DType.BF16.scalarType())));
        }
    }

    private static void take(Tensor to, Tensor received) {
        try (NoGrad guard = Torch.noGrad()) {
            to.copy_(received);
        } finally {
            Scope.release(received);
        }
    }
}
