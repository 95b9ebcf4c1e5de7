package io.apus.model.tuner.method;

import io.apus.model.layer.Parameter;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/** Parameters with the values that PEFT starts from. */
public final class InitialValues {
    /** The value of init_weights that leaves a method its own way to begin, at which nothing changes. */
    public static final String USUAL = "true";

    private InitialValues() {}

    /** Refuses an init_weights that the tuner has no other start for. */
    public static void requireUsual(TunerSpec spec) {
        if (!spec.initWeights().equals(USUAL)) {
            throw new UserError(
                    "Cannot attach " + spec.tunerType(),
                    "it has no init_weights \"" + spec.initWeights() + "\"",
                    "Leave init_weights out.");
        }
    }

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
