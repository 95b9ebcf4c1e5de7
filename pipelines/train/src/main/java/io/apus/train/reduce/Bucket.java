package io.apus.train.reduce;

import io.apus.model.layer.Parameter;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The gradients of some parameters, side by side in one flat buffer that can be reduced at once: float32, or what all parameters are kept in. */
final class Bucket {
    private final List<Parameter> parameters;
    private final Tensor flat;

    Bucket(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
        try (Scope scope = Scope.open()) {
            Tensor first = parameters.get(0).tensor();
            long count = parameters.stream().mapToLong(Parameter::count).sum();
            this.flat = Scope.own(Device.of(first).zeros(DType.of(first), count));
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
