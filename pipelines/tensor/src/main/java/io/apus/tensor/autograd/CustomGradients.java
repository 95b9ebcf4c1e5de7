package io.apus.tensor.autograd;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * Differentiable operations whose backward pass is given in Java: what {@code torch.autograd.Function} is to Python, made of gradient hooks, for
 * the binding lets no class of Java's be an autograd function.
 *
 * <p>A result is tied to each input by the sum of none of the input's elements: that is 0 and has a gradient of zeros, which a hook replaces
 * by the given one. A hook on the result, which the engine runs before, computes the gradients. One thread at a time may use an object
 * of this class; it keeps the hooks until they have run or it is closed.
 */
public final class CustomGradients implements AutoCloseable {
    private final List<TiedResult> ties = new ArrayList<>();

    /**
     * Makes {@code result}, which was computed without a graph, depend on {@code inputs}.
     *
     * @param result of any shape, of the inputs' type; it is changed in place and given back
     * @param backward gives d(loss)/d(input) for every input, of its shape, from d(loss)/d(result); no graph is recorded of it. Its tensors
     *     belong to a scope that is open around it
     */
    public Tensor tie(Tensor result, List<Tensor> inputs, Function<Tensor, List<Tensor>> backward) {
        sweep();
        if (!GradMode.is_enabled() || inputs.stream().noneMatch(Tensor::requires_grad)) {
            return result;
        }
        try (Scope scope = Scope.open()) {
            TiedResult tied = new TiedResult(inputs.size(), gradient -> {
                sweep();
                return backward.apply(gradient);
            });
            ties.add(tied);
            for (int i = 0; i < inputs.size(); i++) {
                if (inputs.get(i).requires_grad()) {
                    result.add_(link(tied, i, inputs.get(i)));
                }
            }
            result.register_hook(tied.resultHook());
            return result;
        }
    }

    private static Tensor link(TiedResult tied, int input, Tensor tensor) {
        Tensor alias = tensor.view_as(tensor);
        alias.register_hook(tied.inputHook(input));
        return alias.narrow(0, 0, 0).sum();
    }

    /** As {@link #tie}, for one input and a result of {@code forward}, which runs without a graph. */
    public Tensor apply(Tensor input, Function<Tensor, Tensor> forward, Function<Tensor, Tensor> backward) {
        try (Scope scope = Scope.open()) {
            Tensor result;
            try (NoGrad guard = Torch.noGrad()) {
                result = forward.apply(input.detach());
            }
            return scope.keep(tie(result, List.of(input), gradient -> List.of(backward.apply(gradient))));
        }
    }

    /** Hooks that have not run yet; for tests. */
    int waiting() {
        sweep();
        return ties.size();
    }

    /** Gives up the gradients that the engine has taken over; before every other operation, so that few are held at a time. */
    private void sweep() {
        ties.removeIf(TiedResult::freed);
    }

    @Override
    public void close() {
        ties.forEach(TiedResult::release);
        ties.clear();
    }
}
