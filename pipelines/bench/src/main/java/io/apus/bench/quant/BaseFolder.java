package io.apus.bench.quant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.quant.format.GptqWeight;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** Random models on disk, plain and with their linears as GPTQ stores them. */
final class BaseFolder {
    private static final int BITS = 4;
    private static final long GROUP = 64;
    private static final long ONE_FILE = Long.MAX_VALUE;

    private BaseFolder() {}

    /** Makes the folder unless it is there. */
    static Path of(Path parent, ModelConfig config, boolean quantised) throws IOException {
        Path folder = parent.resolve(quantised ? "gptq" : "plain");
        if (!Files.exists(folder)) {
            Files.createDirectories(folder);
            try (DecoderModel model = DecoderModel.random(config, 1)) {
                if (quantised) {
                    gptq(model, folder);
                } else {
                    model.save(folder, ONE_FILE);
                }
            }
        }
        return folder;
    }

    private static void gptq(DecoderModel model, Path folder) throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new TreeMap<>();
            for (Parameter parameter : model.parameters().values()) {
                String module = parameter.name().replaceAll("\\.weight$", "");
                if (model.projections().containsKey(module)) {
                    GptqWeight.nearest(parameter.tensor(), BITS, GROUP, true, 1)
                            .tensors()
                            .forEach((key, tensor) -> tensors.put(module + "." + key, tensor));
                } else {
                    tensors.put(parameter.name(), parameter.tensor());
                }
            }
            SafeTensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        }
        ObjectNode json = model.config().json();
        json.putObject("quantization_config")
                .put("quant_method", "gptq")
                .put("bits", BITS)
                .put("group_size", GROUP);
        Files.writeString(folder.resolve("config.json"), json.toString());
    }
}
