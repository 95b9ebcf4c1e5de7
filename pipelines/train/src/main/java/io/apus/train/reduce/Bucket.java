package io.apus.train.reduce;

import io.apus.model.layer.Parameter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The gradients of some parameters, side by side in one flat float32 buffer that can be reduced at once. */
final class Bucket {
    private final List<Parameter> parameters;
    private final Tensor flat;

    Bucket(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
        try (Scope scope = Scope.open()) {
            long count = parameters.stream().mapToLong(Parameter::count).sum();
            this.flat = Scope.own(Torch.zeros(count));
            long at = 0;
            for (Parameter parameter : parameters) {
                parameter.gradient(flat.narrow(0, at, parameter.count()).view(parameter.shape()));
                at += parameter.count();
            }
        }
    }

    List<Parameter> parameters() {
        return parameters;
    }

    Tensor flat() {
        return flat;
    }

    void release() {
        parameters.forEach(Parameter::clearGradient);
        Scope.release(flat);
    }
}
