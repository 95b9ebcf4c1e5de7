package io.apus.model;

import io.apus.model.layer.Embedding;
import io.apus.model.layer.Parameter;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Initial weights as transformers makes them for these families. */
final class Initializer {
    private Initializer() {}

    static Map<String, Parameter> random(ModelConfig config, long seed) {
        try (Scope scope = Scope.open()) {
            return random(
                    config,
                    new GeneratorOptional(torch.make_generator_cpu(seed)),
                    shape -> Device.CPU.zeros(DType.F32, shape));
        }
    }

    /** Made where they shall lie, which a model of billions of weights is faster for; other numbers than on the CPU. */
    static Map<String, Parameter> random(ModelConfig config, long seed, Device device, DType matrices) {
        Torch.seed(seed);
        return random(
                config, new GeneratorOptional(), shape -> device.zeros(shape.length > 1 ? matrices : DType.F32, shape));
    }

    private static Map<String, Parameter> random(
            ModelConfig config, GeneratorOptional generator, Function<long[], Tensor> zeros) {
        Map<String, Parameter> parameters = new HashMap<>();
        try (Scope scope = Scope.open()) {
            config.declared().forEach((name, part) -> {
                Tensor tensor = zeros.apply(part.shape());
                switch (part.start()) {
                    case NORMAL -> tensor.normal_(0, config.initializerRange(), generator);
                    case ONES -> tensor.fill_(Torch.scalar(1));
                    case ZEROS -> {}
                }
                parameters.put(name, new Parameter(name, tensor));
            });
            Embedding embedding = config.described().embedding();
            embedding.padding().ifPresent(pad -> parameters
                    .get(embedding.weight().name())
                    .tensor()
                    .narrow(0, pad, 1)
                    .zero_());
        }
        return parameters;
    }
}
