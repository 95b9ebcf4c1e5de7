package io.apus.model.quant;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;

/**
 * Lets a product's graph remember a dequantised weight without holding its memory.
 *
 * <p>The graph of {@code x W^T} keeps the very tensor object that it was given, to compute d/dx with. Once the product is done that
 * object is made empty, and a hook on the product's gradient, which runs right before the graph uses it, fills it again from the codes.
 * The graph drops it right after. So at most one dequantised weight is alive at a time, whatever the depth of the model.
 */
final class Recall extends VoidTensorHook {
    private final QuantisedLinear linear;
    private Tensor transposed;

    private Recall(QuantisedLinear linear, Tensor transposed) {
        this.linear = linear;
        this.transposed = transposed;
    }

    /** Empties {@code transposed}, which {@code product}'s graph holds; the caller keeps the result until {@link #done()}. */
    static Recall of(QuantisedLinear linear, Tensor product, Tensor transposed) {
        try (NoGrad guard = Torch.noGrad()) {
            transposed.set_data(transposed.new_empty(0));
        }
        Recall recall = Scope.own(new Recall(linear, Scope.own(transposed)));
        product.register_hook(recall);
        return recall;
    }

    @Override
    public void call(TensorBase gradient) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            transposed.set_data(Torch.like(linear.transposed(), transposed));
        }
        // From here on the graph alone holds the weight, and gives it up when the gradient is computed.
        Scope.release(transposed);
        transposed = null;
    }

    boolean done() {
        return transposed == null;
    }

    /** Frees the hook; the graph must have run or never run any more. */
    void release() {
        Scope.release(transposed);
        transposed = null;
        Scope.release(this);
    }
}
