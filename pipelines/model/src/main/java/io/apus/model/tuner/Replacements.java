package io.apus.model.tuner;

import io.apus.model.layer.Parameter;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Values that an adapter has in the place of the model's own ones (biases, modules saved in full), and those it takes the place of. */
final class Replacements implements AutoCloseable {
    private final List<Parameter> parameters;
    private final List<Tensor> originals;
    private final List<Tensor> own = new ArrayList<>();

    private Replacements(List<Parameter> parameters) {
        this.parameters = parameters;
        this.originals = copies(parameters);
    }

    /** Remembers {@code parameters} as they are before the adapter. */
    static Replacements of(List<Parameter> parameters) {
        return new Replacements(List.copyOf(parameters));
    }

    private static List<Tensor> copies(List<Parameter> parameters) {
        try (Scope scope = Scope.open()) {
            return parameters.stream()
                    .map(parameter -> Scope.own(parameter.tensor().detach().clone()))
                    .toList();
        }
    }

    boolean isEmpty() {
        return parameters.isEmpty();
    }

    /** Remembers the values that the adapter has put there. */
    void take() {
        own.addAll(copies(parameters));
    }

    void put() {
        write(own);
    }

    void restore() {
        write(originals);
    }

    private void write(List<Tensor> values) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            for (int i = 0; i < values.size(); i++) {
                parameters.get(i).tensor().copy_(values.get(i));
            }
        }
    }

    @Override
    public void close() {
        originals.forEach(Scope::release);
        own.forEach(Scope::release);
    }
}
