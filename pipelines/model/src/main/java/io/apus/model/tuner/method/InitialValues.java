package io.apus.model.tuner.method;

import io.apus.model.layer.Parameter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/** Parameters with the values that PEFT starts from. */
public final class InitialValues {
    private InitialValues() {}

    /** Uniform within 1 / sqrt(columns): torch's kaiming_uniform_ with a = sqrt(5). */
    public static Parameter kaiming(String name, GeneratorOptional generator, long rows, long columns) {
        return uniform(name, generator, 1 / Math.sqrt((double) columns), rows, columns);
    }

    public static Parameter uniform(String name, GeneratorOptional generator, double bound, long... shape) {
        try (Scope scope = Scope.open()) {
            return new Parameter(name, new Tensor(Torch.emptyFloats(shape).uniform_(-bound, bound, generator)));
        }
    }

    public static Parameter normal(String name, GeneratorOptional generator, double deviation, long... shape) {
        try (Scope scope = Scope.open()) {
            return new Parameter(name, new Tensor(Torch.emptyFloats(shape).normal_(0, deviation, generator)));
        }
    }

    public static Parameter constant(String name, double value, long... shape) {
        try (Scope scope = Scope.open()) {
            return new Parameter(name, new Tensor(Torch.emptyFloats(shape).fill_(Torch.scalar(value))));
        }
    }
}
