package io.apus.bench.parallel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.bench.measure.Table;
import io.apus.bench.ranks.MadeRun;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.TrainResult;
import io.apus.train.TrainTask;
import io.apus.train.local.LocalWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Trains by a plan, each rank a process, and alone, over the same rows: how far losses and weights come apart, and what is sent. */
public final class PlanParity {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Rows of a step, whoever takes them: each rank of up to four replicas has one at least. */
    private static final int PASSES = 4;

    private final MadeRun run;
    private final int steps;
    private final Map<String, Trained> alone = new HashMap<>();

    public PlanParity(MadeRun run, int steps) {
        this.run = run;
        this.steps = steps;
    }

    /** What a run left. */
    private record Trained(Path model, List<Double> losses, TrainResult result) {}

    /** Adds the line of {@code plan}. */
    public void addTo(Table table, Plan plan) throws IOException {
        Trained one = alone.computeIfAbsent(plan.tuner(), tuner -> train(Plan.of(tuner)));
        Trained many = train(plan);
        double loss = 0;
        for (int i = 0; i < steps; i++) {
            loss = Math.max(loss, Math.abs(many.losses.get(i) - one.losses.get(i)));
        }
        table.row(
                plan.words(),
                plan.ranks(),
                one.result.finalLoss(),
                scientific(loss),
                scientific(largestDifference(one.model, many.model)),
                many.result.sentBytes() / 1e6,
                4.0 * many.result.trainedParameters() / 1e6);
    }

    private Trained train(Plan plan) {
        List<Double> losses = new ArrayList<>();
        Map<String, Object> options = new HashMap<>(Map.of(
                "worldSize",
                plan.ranks(),
                "gradientAccumulationSteps",
                PASSES / plan.replicas(),
                "maxSteps",
                steps,
                "learningRate",
                1e-3));
        if (plan.ranks() > 1) {
            options.put("sharing", plan.sharing());
        }
        TrainTask task = run.task(plan.tuner(), options);
        TrainResult result = new LocalWorld(plan.ranks(), line -> loss(line).forEach(losses::add)).run(task);
        return new Trained(Path.of(result.modelFolder()), losses, result);
    }

    private static Stream<Double> loss(String line) {
        try {
            JsonNode message = JSON.readTree(line);
            return message.path("type").asText().equals("step")
                    ? Stream.of(message.get("loss").asDouble())
                    : Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double largestDifference(Path one, Path other) throws IOException {
        double largest = 0;
        try (Scope scope = Scope.open();
                SafeTensorsFile a = SafeTensorsFile.open(weights(one));
                SafeTensorsFile b = SafeTensorsFile.open(weights(other))) {
            for (String name : a.names()) {
                float[] x = Torch.toFloats(a.tensor(name));
                float[] y = Torch.toFloats(b.tensor(name));
                for (int i = 0; i < x.length; i++) {
                    largest = Math.max(largest, Math.abs(x[i] - y[i]));
                }
            }
        }
        return largest;
    }

    private static Path weights(Path model) throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String scientific(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
