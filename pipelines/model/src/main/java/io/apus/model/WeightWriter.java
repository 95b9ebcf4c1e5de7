package io.apus.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.layer.Parameter;
import io.apus.model.quant.CheckpointFormats;
import io.apus.tensor.DType;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** Writes a model as a Hugging Face folder holds it: config.json and model.safetensors, or numbered shards with an index. */
final class WeightWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<DType, String> NAMES =
            Map.of(DType.F32, "float32", DType.F16, "float16", DType.BF16, "bfloat16");

    private WeightWriter() {}

    static void write(DecoderModel model, Path folder, long maxShardBytes, DType stored) {
        ObjectNode config = model.config().json();
        config.put("tie_word_embeddings", model.head().tied());
        write(model, List.of(), config, folder, maxShardBytes, stored);
    }

    /** Writes {@code further} parameters beside the model's, and {@code config} with the type that they are stored as. */
    static void write(
            DecoderModel model,
            List<Parameter> further,
            ObjectNode config,
            Path folder,
            long maxShardBytes,
            DType stored) {
        if (!NAMES.containsKey(stored)) {
            throw new IllegalArgumentException("weights are stored as F32, F16 or BF16, not " + stored);
        }
        model.requireFloats("Cannot save the model in floats");
        SortedMap<String, Parameter> parameters = new TreeMap<>(model.parameters());
        parameters
                .keySet()
                .retainAll(model.config()
                        .with("tie_word_embeddings", model.head().tied())
                        .shapes()
                        .keySet());
        further.forEach(parameter -> parameters.put(parameter.name(), parameter));
        List<List<Parameter>> shards = shards(parameters, maxShardBytes, stored);
        try {
            Files.createDirectories(folder);
            ObjectNode weightMap = JSON.createObjectNode();
            for (int i = 0; i < shards.size(); i++) {
                String file = fileName(i, shards.size());
                writeShard(folder.resolve(file), shards.get(i), model.config(), stored);
                shards.get(i).forEach(parameter -> weightMap.put(parameter.name(), file));
            }
            if (shards.size() > 1) {
                writeIndex(folder, weightMap, parameters, stored);
            }
            writeConfig(config, folder, stored);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder, e);
        }
    }

    private static List<List<Parameter>> shards(
            SortedMap<String, Parameter> parameters, long maxShardBytes, DType stored) {
        List<List<Parameter>> shards = new ArrayList<>();
        long used = Long.MAX_VALUE;
        for (Parameter parameter : parameters.values()) {
            long bytes = parameter.count() * stored.bytes();
            if (shards.isEmpty() || used + bytes > maxShardBytes) {
                shards.add(new ArrayList<>());
                used = 0;
            }
            shards.get(shards.size() - 1).add(parameter);
            used += bytes;
        }
        return shards;
    }

    private static String fileName(int shard, int count) {
        return count == 1 ? WeightFiles.SINGLE : String.format("model-%05d-of-%05d.safetensors", shard + 1, count);
    }

    private static void writeShard(Path file, List<Parameter> parameters, ModelConfig config, DType stored) {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new TreeMap<>();
            for (Parameter parameter : parameters) {
                Tensor tensor = parameter.tensor().detach().to(stored.scalarType());
                boolean turned = config.storedTransposed(parameter.name());
                tensors.put(parameter.name(), turned ? tensor.t().contiguous() : tensor);
            }
            SafeTensorsWriter.write(file, tensors, Map.of("format", "pt"));
        }
    }

    private static void writeIndex(
            Path folder, ObjectNode weightMap, SortedMap<String, Parameter> parameters, DType stored)
            throws IOException {
        long count = parameters.values().stream().mapToLong(Parameter::count).sum();
        ObjectNode index = JSON.createObjectNode();
        index.putObject("metadata").put("total_parameters", count).put("total_size", count * stored.bytes());
        index.set("weight_map", weightMap);
        writeJson(folder.resolve(WeightFiles.INDEX), index);
    }

    private static void writeConfig(ObjectNode config, Path folder, DType stored) throws IOException {
        // Newer files say dtype; every reader still knows torch_dtype.
        config.put(config.has("dtype") ? "dtype" : "torch_dtype", NAMES.get(stored));
        config.remove(CheckpointFormats.KEY);
        writeJson(folder.resolve("config.json"), config);
    }

    private static void writeJson(Path file, ObjectNode json) throws IOException {
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }
}
