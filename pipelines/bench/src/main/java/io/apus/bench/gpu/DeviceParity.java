package io.apus.bench.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.bench.measure.Table;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.Precision;
import io.apus.model.family.Families;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Whether a device computes what the CPU does in float32, which agrees with transformers: loss, logits and all gradients of the tiny
 * model of every family.
 */
final class DeviceParity {
    private static final int[] SEGMENTS = {7, 24, 1, 16};
    /** Float32 sums in another order. */
    private static final double FLOAT32 = 2e-3;
    /** Eight significant bits, see the model's PrecisionTest. */
    private static final double BFLOAT16 = 0.25;

    private final Device device;
    private final Table table = new Table(
            "Parity of tiny models with the CPU in float32",
            "model",
            "type",
            "loss error",
            "logits error",
            "gradient error",
            "within");
    private int failures;

    DeviceParity(Device device) {
        this.device = device;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Outcome(double loss, float[] logits, SortedMap<String, float[]> gradients) {}

    /** Compares every folder of {@code cases} with a config.json in it. */
    void measure(Path cases) throws IOException {
        try (Stream<Path> folders = Files.list(cases)) {
            for (Path folder : folders.filter(one -> Files.exists(one.resolve("config.json")))
                    .sorted()
                    .toList()) {
                ObjectNode json = (ObjectNode) new ObjectMapper()
                        .readTree(folder.resolve("config.json").toFile());
                // Some recorded models are of classes that Apus does not load.
                if (Families.names().contains(json.path("architectures").path(0).asText())) {
                    compare(folder.getFileName().toString(), json);
                }
            }
        }
    }

    private void compare(String name, ObjectNode json) {
        ModelConfig config;
        try {
            config = ModelConfig.of(json);
        } catch (UserError e) {
            table.row(name, "", "", "", "", e.getMessage());
            return;
        }
        Outcome exact = outcome(config, Device.CPU, Precision.FLOAT32);
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
            double tolerance = precision.products() == DType.F32 ? FLOAT32 : BFLOAT16;
            try {
                Outcome own = outcome(config, device, precision);
                double loss = Math.abs(own.loss() - exact.loss());
                double logits = distance(List.of(exact.logits()), List.of(own.logits()));
                double gradients = distance(
                        List.copyOf(exact.gradients().values()),
                        List.copyOf(own.gradients().values()));
                boolean within = loss < tolerance && logits < tolerance && gradients < tolerance;
                failures += within ? 0 : 1;
                table.row(name, precision.products().toString(), loss, logits, gradients, within ? "yes" : "NO");
            } catch (RuntimeException e) {
                failures++;
                String reason =
                        String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
                table.row(name, precision.products().toString(), "", "", "", "FAILED: " + reason);
            }
        }
    }

    private static Outcome outcome(ModelConfig config, Device device, Precision precision) {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(config, 3)) {
            model.parameters().values().forEach(parameter -> parameter.trainable(true));
            model.place(device, precision);
            int tokens = Arrays.stream(SEGMENTS).sum();
            SplittableRandom random = new SplittableRandom(5);
            TokenBatch batch =
                    TokenBatch.of(random.longs(tokens, 0, config.vocabSize()).toArray(), SEGMENTS);
            float[] weights = new float[tokens];
            Arrays.fill(weights, 1);
            double scale = 1 / LinearCrossEntropy.targetWeight(batch, weights);
            double loss = new Backpropagation(model, true)
                    .step(batch, LinearCrossEntropy.of(batch, weights, scale), 0, GradientSink.none())
                    .meanLoss();
            SortedMap<String, float[]> gradients = new TreeMap<>();
            for (Parameter parameter : model.parameters().values()) {
                if (parameter.trainable()) {
                    gradients.put(
                            parameter.name(),
                            parameter.gradient().map(Torch::toFloats).orElse(new float[0]));
                }
            }
            return new Outcome(loss, Torch.toFloats(model.logits(model.hidden(batch, null))), gradients);
        }
    }

    /** Of all numbers together, as a share of their norm. */
    private static double distance(List<float[]> wanted, List<float[]> got) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < wanted.size(); i++) {
            for (int j = 0; j < wanted.get(i).length; j++) {
                double there = got.get(i).length == 0 ? 0 : got.get(i)[j];
                difference += Math.pow(wanted.get(i)[j] - there, 2);
                size += Math.pow(wanted.get(i)[j], 2);
            }
        }
        return Math.sqrt(difference / size);
    }

    Table table() {
        return table;
    }

    /** Lines that are not within their tolerance. */
    int failures() {
        return failures;
    }
}
