package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.tuner.Adapters;
import io.apus.model.tuner.Specs;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.OtherRanks;
import io.apus.model.tuner.method.Tuner;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How adapters begin, and which ranks AdaLoRA keeps, as PEFT and LoRA-GA's published code have it, on weights by formula. */
class AdapterStartReferenceTest {
    private static final Path RECORDED = Path.of("src/test/resources/golden/peft");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void adaLoraKeepsTheRanksThatPeftKeeps() throws IOException {
        JsonNode golden = golden("adalora");
        Path adapter = Files.createDirectories(folder.resolve("adapter"));
        Files.copy(RECORDED.resolve("adalora/adapter_config.json"), adapter.resolve("adapter_config.json"));
        Map<String, long[]> shapes = new TreeMap<>();
        golden.path("file").properties().forEach(e -> shapes.put(e.getKey(), FamilyGolden.longs(e.getValue())));
        try (Scope scope = Scope.open();
                DecoderModel model = base().load(folder)) {
            Map<String, Tensor> tensors = new TreeMap<>();
            shapes.forEach((name, shape) -> tensors.put(
                    name, Torch.floats(FormulaWeights.values(name, shape, 1)).reshape(shape)));
            SafeTensorsWriter.write(adapter.resolve("adapter_model.safetensors"), tensors, Map.of("format", "pt"));
            Tuner tuner = Adapters.load(model, adapter, true);
            backward(model);
            for (JsonNode step : golden.path("allocation")) {
                tuner.afterUpdate(model, step.path("step").asInt(), 10, OtherRanks.none());
                step.path("kept").properties().forEach(kept -> {
                    Parameter values = model.parameters().get(kept.getKey().replaceFirst("^model\\.", ""));
                    StringBuilder left = new StringBuilder();
                    for (float value : Torch.toFloats(values.tensor())) {
                        left.append(value == 0 ? '0' : '1');
                    }
                    assertThat(left)
                            .as(step.path("step") + kept.getKey())
                            .hasToString(kept.getValue().asText());
                });
            }
            tuner.merge(model);
            golden.path("merged")
                    .properties()
                    .forEach(e -> close(
                            "probe." + e.getKey(),
                            model.parameters().get(e.getKey()).tensor(),
                            e.getValue(),
                            1e-5));
        }
    }

    @Test
    void oloraBeginsAsInPeft() throws IOException {
        JsonNode golden = golden("lora_olora");
        started("olora", Map.of(), model -> golden.path("initial").properties().forEach(e -> {
            String name = e.getKey().substring("base_model.model.".length());
            close("probe." + e.getKey(), model.parameters().get(name).tensor(), e.getValue(), 1e-4);
        }));
    }

    /** PEFT does not divide what it takes by the scale of the update, which is 2 here. */
    @Test
    void loftqRoundsAsInPeftAndTakesTheSamePart() throws IOException {
        JsonNode golden = golden("lora_loftq");
        started("loftq", Map.of(), model -> {
            golden.path("base_weights")
                    .properties()
                    .forEach(e -> close(
                            "probe." + e.getKey(),
                            model.parameters().get(e.getKey()).tensor(),
                            e.getValue(),
                            1e-5));
            golden.path("product").properties().forEach(e -> {
                String module = e.getKey().replaceFirst("\\.weight$", "");
                Tensor up = factor(model, module, "B");
                Tensor product = up.mm(factor(model, module, "A")).mul(Torch.scalar(2));
                close("probe." + e.getKey(), product, e.getValue(), 1e-3);
            });
        });
    }

    @ParameterizedTest
    @CsvSource({
        "lora_ga, ArB2r, stable",
        "lora_ga_a2rbr, A2rBr, stable",
        "lora_ga_arbr, ArBr, stable",
        "lora_ga_gd, ArB2r, gd",
        "lora_ga_unit, ArB2r, unit",
        "lora_ga_weights, ArB2r, weightS"
    })
    void loraGaBeginsAsItsAuthorsHaveIt(String name, String direction, String scale) throws IOException {
        JsonNode golden = golden(name);
        Map<String, Object> options = Map.of("loraGaDirection", direction, "loraGaScale", scale);
        started("lora-ga", options, model -> {
            golden.path("a_gram").properties().forEach(e -> {
                Tensor down = factor(model, e.getKey().replaceFirst("\\.weight$", ""), "A");
                close("probe." + e.getKey() + ".a_gram", down.t().mm(down), e.getValue(), 1e-3);
            });
            golden.path("b_gram").properties().forEach(e -> {
                Tensor up = factor(model, e.getKey().replaceFirst("\\.weight$", ""), "B");
                close("probe." + e.getKey() + ".b_gram", up.mm(up.t()), e.getValue(), 1e-3);
            });
        });
    }

    private static Tensor factor(DecoderModel model, String module, String which) {
        return model.parameters()
                .get(module + ".lora_" + which + ".weight")
                .tensor()
                .detach();
    }

    /** Attaches LoRA of rank 4 and scale 2 with a start. */
    private void started(String start, Map<String, Object> ga, Consumer<DecoderModel> check) {
        Map<String, Object> options = new HashMap<>(Map.of(
                "initWeights",
                start,
                "lora",
                Specs.loraGroup(Map.of()),
                "loraGa",
                ga,
                "targets",
                Map.of("targetModules", List.of("q_proj", "v_proj", "down_proj"))));
        Tuner tuner = Tuners.of(Specs.tuner("lora", options));
        try (Scope scope = Scope.open();
                DecoderModel model = base().load(folder)) {
            if (tuner.gradientSample().isPresent()) {
                tuner.attach(model, 1, gradients(model));
            } else {
                tuner.attach(model, 1);
            }
            check.accept(model);
        }
    }

    /** Of the mean loss over all tokens of the base's rows. */
    private static Map<String, Tensor> gradients(DecoderModel model) {
        model.parameters().values().forEach(parameter -> parameter.trainable(true));
        backward(model);
        Map<String, Tensor> gradients = new TreeMap<>();
        model.parameters()
                .forEach(
                        (name, parameter) -> parameter.gradient().ifPresent(gradient -> gradients.put(name, gradient)));
        model.parameters().values().forEach(Parameter::clearGradient);
        return gradients;
    }

    private static void backward(DecoderModel model) {
        TokenBatch batch = base().packed();
        float[] ones = new float[batch.tokens()];
        Arrays.fill(ones, 1);
        double scale = 1 / LinearCrossEntropy.targetWeight(batch, ones);
        new Backpropagation(model, false)
                .step(batch, LinearCrossEntropy.of(batch, ones, scale), 0, GradientSink.none());
    }

    private static void close(String probeName, Tensor got, JsonNode wanted, double tolerance) {
        float[] values = Torch.toFloats(got.detach());
        float[] probe = FormulaWeights.values(probeName, FamilyGolden.longs(wanted.path("shape")), 1);
        assertThat(values).as(probeName).hasSameSizeAs(probe);
        double squares = 0;
        double product = 0;
        for (int i = 0; i < values.length; i++) {
            squares += (double) values[i] * values[i];
            product += (double) values[i] * probe[i];
        }
        double norm = wanted.path("norm").asDouble();
        Offset<Double> close = Offset.offset(tolerance * norm);
        assertThat(Math.sqrt(squares)).as(probeName + " norm").isCloseTo(norm, close);
        assertThat(product).as(probeName).isCloseTo(wanted.path("probe").asDouble(), close);
    }

    private static FamilyGolden base() {
        return FamilyGolden.all().stream()
                .filter(golden -> golden.name().equals("qwen2"))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode golden(String name) throws IOException {
        return JSON.readTree(RECORDED.resolve(name).resolve("golden.json").toFile());
    }
}
