package io.apus.tensor.autograd;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.VoidTensorHook;

/** The hooks of one operation and, while the engine is between them, the gradients of its inputs. */
final class TiedResult {
    private final Function<Tensor, List<Tensor>> backward;
    private final Tensor[] gradients;
    private final List<Pointer> owned = new ArrayList<>();
    private int tied;
    private int given;
    private boolean freed;

    TiedResult(int inputs, Function<Tensor, List<Tensor>> backward) {
        this.backward = backward;
        this.gradients = new Tensor[inputs];
    }

    /** Holds what the backward pass reads. */
    void keep(Tensor tensor) {
        owned.add(Scope.own(tensor));
    }

    VoidTensorHook resultHook() {
        VoidTensorHook hook = new VoidTensorHook() {
            @Override
            public void call(TensorBase gradient) {
                compute(gradient);
            }
        };
        owned.add(Scope.own(hook));
        return hook;
    }

    TensorTensorHook inputHook(int input) {
        TensorTensorHook hook = new TensorTensorHook() {
            @Override
            public TensorBase call(TensorBase zeros) {
                return give(input);
            }
        };
        owned.add(Scope.own(hook));
        tied++;
        return hook;
    }

    private void compute(TensorBase gradient) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            List<Tensor> computed = backward.apply(new Tensor(gradient));
            for (int i = 0; i < gradients.length; i++) {
                if (computed.get(i) != null) {
                    gradients[i] = Scope.own(computed.get(i));
                }
            }
        }
    }

    /** The engine takes a share in the tensor when this has returned, so that the handle itself can only be freed later. */
    private TensorBase give(int input) {
        given++;
        return gradients[input];
    }

    /** Frees everything once all inputs have their gradients; says whether it has. */
    boolean freed() {
        if (given == tied && given > 0) {
            release();
        }
        return freed;
    }

    void release() {
        if (!freed) {
            freed = true;
            owned.forEach(Scope::release);
            for (Tensor gradient : gradients) {
                Scope.release(gradient);
            }
        }
    }
}
