package io.apus.model.quant;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.TinyModels;
import io.apus.model.layer.Parameter;
import io.apus.model.quant.format.FormatCase;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** Makes folders of small models whose linears one format quantises. */
final class QuantisedFolder {
    private static final ObjectMapper JSON = new ObjectMapper();

    private QuantisedFolder() {}

    /** Large enough for groups of 32 and whole words of three-bit numbers. */
    static ModelConfig config() {
        return TinyModels.config(
                "Qwen2ForCausalLM",
                Map.of("hidden_size", 64, "intermediate_size", 128, "head_dim", 16, "num_hidden_layers", 2));
    }

    /** The folder of a random model with every linear of its layers packed by {@code format}. */
    static Path write(Path folder, FormatCase format) {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(config(), 12)) {
            Map<String, Tensor> tensors = new TreeMap<>();
            for (Parameter parameter : model.parameters().values()) {
                String module = parameter.name().replaceAll("\\.weight$", "");
                if (model.projections().containsKey(module)) {
                    format.pack()
                            .apply(parameter.tensor())
                            .forEach((key, tensor) -> tensors.put(module + "." + key, tensor));
                } else {
                    tensors.put(parameter.name(), parameter.tensor());
                }
            }
            SafeTensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
            ObjectNode json = config().json();
            json.set("quantization_config", JSON.readTree(format.config()));
            Files.writeString(folder.resolve("config.json"), json.toString());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
