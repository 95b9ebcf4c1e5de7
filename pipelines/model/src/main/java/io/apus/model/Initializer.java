package io.apus.model;

import io.apus.model.layer.Embedding;
import io.apus.model.layer.Parameter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Initial weights as transformers makes them for these families. */
final class Initializer {
    private Initializer() {}

    static Map<String, Parameter> random(ModelConfig config, long seed) {
        Map<String, Parameter> parameters = new HashMap<>();
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            config.declared().forEach((name, part) -> {
                Tensor tensor = Torch.zeros(part.shape());
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
