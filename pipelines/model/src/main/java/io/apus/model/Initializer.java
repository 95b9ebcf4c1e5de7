package io.apus.model;

import io.apus.model.family.DeclaredParts.Declared;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Values;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Initial weights as transformers makes them for these families. */
final class Initializer {
    private Initializer() {}

    /** Parameters to be made when they are asked for. Each draws from a generator of its own: those of others do not change it. */
    static Map<String, Parameter> random(ModelConfig config, long seed) {
        Map<String, Parameter> parameters = new HashMap<>();
        config.declared()
                .forEach((name, part) -> parameters.put(
                        name,
                        Parameter.unread(
                                name,
                                Values.made(part.shape(), () -> made(config, name, part, generator(seed, name))))));
        return parameters;
    }

    private static Tensor made(ModelConfig config, String name, Declared part, GeneratorOptional generator) {
        return fill(config, name, part, Device.CPU.zeros(DType.F32, part.shape()), generator);
    }

    /** What {@code name} draws from in a model of {@code seed}. */
    static GeneratorOptional generator(long seed, String name) {
        long mixed = new SplittableRandom(seed ^ (long) name.hashCode() << Integer.SIZE).nextLong();
        return new GeneratorOptional(torch.make_generator_cpu(mixed));
    }

    /** Made where they shall lie, which a model of billions of weights is faster for; other numbers than on the CPU. */
    static Map<String, Parameter> random(ModelConfig config, long seed, Device device, DType matrices) {
        Torch.seed(seed);
        Map<String, Parameter> parameters = new HashMap<>();
        try (Scope scope = Scope.open()) {
            GeneratorOptional common = new GeneratorOptional();
            config.declared().forEach((name, part) -> {
                Tensor zeros = device.zeros(part.shape().length > 1 ? matrices : DType.F32, part.shape());
                parameters.put(name, new Parameter(name, fill(config, name, part, zeros, common)));
            });
        }
        return parameters;
    }

    private static Tensor fill(
            ModelConfig config, String name, Declared part, Tensor zeros, GeneratorOptional generator) {
        switch (part.start()) {
            case NORMAL -> zeros.normal_(0, config.initializerRange(), generator);
            case ONES -> zeros.fill_(Torch.scalar(1));
            case ZEROS -> {}
        }
        Embedding embedding = config.described().embedding();
        if (embedding.weight().name().equals(name)) {
            embedding.padding().ifPresent(pad -> zeros.narrow(0, pad, 1).zero_());
        }
        return zeros;
    }
}
