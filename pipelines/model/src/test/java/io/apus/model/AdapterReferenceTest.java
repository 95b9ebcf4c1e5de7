package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.LossStatistics;
import io.apus.model.tuner.Adapters;
import io.apus.model.tuner.Tuners;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Adapters of every registered method agree with PEFT on weights by formula: logits, loss, gradients and merged weights. */
class AdapterReferenceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "base_model.model.";

    /** In the file, but of the base model. */
    private static final String BASE_ROWS = ".base_layer.weight";

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> logitsLossAndGradientsAgree() {
        return each((golden, at) -> {
            try (Scope scope = Scope.open();
                    DecoderModel model = base(golden)) {
                Adapters.load(model, at, true);
                FamilyGolden base = FamilyGolden.named(golden.path("base").asText());
                TokenBatch batch = base.packed();
                Tensor hidden = model.hidden(batch, null).index_select(0, Torch.longs(base.positions()));
                Tensor wanted = Torch.floats(FamilyGolden.logits(golden)).reshape(hidden.size(0), -1);
                assertThat(Golden.maxError(model.logits(hidden), wanted)).isLessThan(2e-5);

                float[] weights = new float[batch.tokens()];
                Arrays.fill(weights, 1);
                double scale = 1 / LinearCrossEntropy.targetWeight(batch, weights);
                LossStatistics statistics = new Backpropagation(model, false)
                        .step(batch, LinearCrossEntropy.of(batch, weights, scale), 0, GradientSink.none());
                assertThat(statistics.meanLoss()).isCloseTo(golden.path("loss").asDouble(), Offset.offset(1e-5));
                Set<String> trained = new TreeSet<>();
                model.parameters().values().stream()
                        .filter(Parameter::trainable)
                        .forEach(p -> trained.add(PREFIX + p.name()));
                Map<String, JsonNode> gradients = fields(golden.path("gradients"));
                assertThat(trained).isEqualTo(gradients.keySet());
                gradients.forEach((name, numbers) -> {
                    Parameter parameter = model.parameters().get(name.substring(PREFIX.length()));
                    close(name, parameter.gradient().orElseThrow(), numbers);
                });
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> mergedWeightsAgree() {
        return each((golden, at) -> {
            try (Scope scope = Scope.open();
                    DecoderModel model = base(golden)) {
                // AdaLoRA's reference was merged after its ranks were allocated, which its golden.json says.
                if (!golden.has("allocation")) {
                    Adapters.load(model, at, false).merge(model);
                    fields(golden.path("merged"))
                            .forEach((name, numbers) ->
                                    close(name, model.parameters().get(name).tensor(), numbers));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> savedFilesHoldWhatPeftWrites() {
        return each((golden, at) -> {
            try (Scope scope = Scope.open();
                    DecoderModel model = base(golden)) {
                Path saved = scratch("saved");
                Adapters.load(model, at, true)
                        .save(model, saved, golden.path("base").asText());
                Map<String, List<Long>> shapes = new TreeMap<>();
                try (SafeTensorsFile file = SafeTensorsFile.open(saved.resolve("adapter_model.safetensors"))) {
                    file.names()
                            .forEach(name -> shapes.put(name, file.info(name).shape()));
                }
                Map<String, List<Long>> wanted = new TreeMap<>();
                fields(golden.path("file"))
                        .forEach((name, shape) -> wanted.put(
                                name,
                                LongStream.of(FamilyGolden.longs(shape)).boxed().toList()));
                assertThat(shapes).isEqualTo(wanted);
                assertThat(config(saved)).isEqualTo(config(at));
            }
        });
    }

    /** Without what the run that goes on says: AdaLoRA's total_step. */
    private static ObjectNode config(Path folder) {
        ObjectNode config = AdapterConfigs.comparable(folder);
        config.remove("total_step");
        return config;
    }

    private static void close(String name, Tensor got, JsonNode wanted) {
        float[] values = Torch.toFloats(got.detach());
        float[] probe = FormulaWeights.values("probe." + name, FamilyGolden.longs(wanted.path("shape")), 1);
        assertThat(values).as(name).hasSameSizeAs(probe);
        double squares = 0;
        double product = 0;
        for (int i = 0; i < values.length; i++) {
            squares += (double) values[i] * values[i];
            product += (double) values[i] * probe[i];
        }
        double norm = wanted.path("norm").asDouble();
        Offset<Double> tolerance = Offset.offset(1e-4 * norm + 1e-6);
        assertThat(Math.sqrt(squares)).as(name + " norm").isCloseTo(norm, tolerance);
        assertThat(product).as(name + " probe").isCloseTo(wanted.path("probe").asDouble(), tolerance);
    }

    private DecoderModel base(JsonNode golden) {
        return FamilyGolden.named(golden.path("base").asText()).load(scratch("base"));
    }

    /** Every adapter whose method is registered and whose tensors the formula fills, in a folder with its weights. */
    private Stream<DynamicTest> each(BiConsumer<JsonNode, Path> check) {
        try (Stream<Path> folders = Files.list(FamilyGolden.FOLDER.resolve("peft"))) {
            return folders.sorted().toList().stream()
                    .filter(at -> Files.exists(at.resolve("adapter_config.json")))
                    .filter(at -> registered(json(at.resolve("adapter_config.json"))))
                    .filter(at -> json(at.resolve("golden.json")).has("file")
                            && !json(at.resolve("golden.json")).has("initial"))
                    .map(at -> DynamicTest.dynamicTest(at.getFileName().toString(), () -> {
                        JsonNode golden = json(at.resolve("golden.json"));
                        check.accept(golden, withWeights(at, golden));
                    }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean registered(JsonNode config) {
        String type = config.path("peft_type").asText().toLowerCase(Locale.ROOT);
        return Tuners.names().contains(type);
    }

    private Path withWeights(Path at, JsonNode golden) {
        Path folder = scratch(at.getFileName().toString());
        try {
            Files.copy(at.resolve("adapter_config.json"), folder.resolve("adapter_config.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, long[]> shapes = new TreeMap<>();
        fields(golden.path("file")).forEach((name, shape) -> shapes.put(name, FamilyGolden.longs(shape)));
        shapes.keySet().removeIf(name -> name.endsWith(BASE_ROWS));
        FormulaWeights.write(folder.resolve("adapter_model.safetensors"), shapes, 1);
        return folder;
    }

    private Path scratch(String name) {
        try {
            return Files.createTempDirectory(folder, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        Map<String, JsonNode> all = new TreeMap<>();
        object.fields().forEachRemaining(entry -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
