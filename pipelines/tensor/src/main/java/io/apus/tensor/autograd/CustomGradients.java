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
 * <p>A result is made to depend on its inputs by {@link GraphEdges}, at no cost in either direction. A hook on the result, which the engine
 * runs first, computes the gradients; one on each input puts them in the place of what has come along the edges. One thread at a time may
 * use an object of this class; it keeps the hooks until they have run or it is closed.
 */
public final class CustomGradients implements AutoCloseable {
    private static final ThreadLocal<CustomGradients> CURRENT = new ThreadLocal<>();

    private final List<TiedResult> ties = new ArrayList<>();

    /** Lets this keep the hooks of operations on this thread that name no owner, {@link #tied}, until the result is closed. */
    public Use use() {
        CustomGradients before = CURRENT.get();
        CURRENT.set(this);
        return () -> CURRENT.set(before);
    }

    /** Puts the former owner back in its place. */
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Makes {@code result}, which was computed without a graph, depend on {@code inputs}.
     *
     * @param result of any shape; it is given back
     * @param backward gives d(loss)/d(input) for every input, of its shape, from d(loss)/d(result), or null where the input needs none; no
     *     graph is recorded of it. Its tensors belong to a scope that is open around it
     */
    public Tensor tie(Tensor result, List<Tensor> inputs, Function<Tensor, List<Tensor>> backward) {
        return tie(result, inputs, List.of(), backward);
    }

    /** As the other; {@code kept} outlives every scope until {@code backward}, which reads it, has run. */
    public Tensor tie(Tensor result, List<Tensor> inputs, List<Tensor> kept, Function<Tensor, List<Tensor>> backward) {
        sweep();
        if (!records(inputs)) {
            return result;
        }
        try (Scope scope = Scope.open()) {
            TiedResult tied = new TiedResult(inputs.size(), gradient -> {
                sweep();
                return backward.apply(gradient);
            });
            kept.forEach(tied::keep);
            ties.add(tied);
            List<Tensor> aliases = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                Tensor input = inputs.get(i);
                if (input.requires_grad()) {
                    Tensor alias = input.view_as(input);
                    alias.register_hook(tied.inputHook(i));
                    aliases.add(alias);
                }
            }
            GraphEdges.tie(result, aliases);
            result.register_hook(tied.resultHook());
            return result;
        }
    }

    /** Whether {@link #tied} can be called now: what is made of {@code inputs} belongs to no graph, or somebody is there to own its hooks. */
    public static boolean served(List<Tensor> inputs) {
        return CURRENT.get() != null || !records(inputs);
    }

    /** As {@link #tie}, for whoever is in {@link #use} on this thread. */
    public static Tensor tied(
            Tensor result, List<Tensor> inputs, List<Tensor> kept, Function<Tensor, List<Tensor>> backward) {
        return records(inputs) ? CURRENT.get().tie(result, inputs, kept, backward) : result;
    }

    private static boolean records(List<Tensor> inputs) {
        return GradMode.is_enabled() && inputs.stream().anyMatch(Tensor::requires_grad);
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
