package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.shards.ManifestFile;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.parallel.ThreadRanks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Tasks over one tiny model and its rows, in one temporary folder. */
record TinyTask(Path folder) {
    static final int ROWS = 42;

    static TinyTask in(Path folder) {
        TinyRun.model(folder.resolve("model"));
        TinyRun.shards(folder.resolve("train"), "train", TinyRun.packed(TinyRun.samples(3 * ROWS, 1), 3));
        TinyRun.shards(folder.resolve("validation"), "validation", TinyRun.packed(TinyRun.samples(14, 2), 2));
        return new TinyTask(folder);
    }

    /** Two rows a pass, eight rows a step unless {@code options} say otherwise. */
    TrainTask task(String output, String tuner, Consumer<Map<String, Object>> options) {
        return task(output, tuner, folder.resolve("train"), options);
    }

    TrainTask task(String output, String tuner, Path rows, Consumer<Map<String, Object>> options) {
        ShardManifest manifest = ManifestFile.readShards(rows.resolve("manifest.json"));
        return new TrainTask(
                folder.resolve("model").toString(),
                folder.resolve("model").toString(),
                false,
                List.of(),
                rows.toString(),
                folder.resolve("validation").toString(),
                folder.resolve(output).toString(),
                TinyRun.spec(all -> {
                    all.put("perDeviceTrainBatchSize", 2);
                    all.put("gradientAccumulationSteps", 4);
                    all.put("learningRate", 5e-3);
                    all.put("warmupSteps", 2);
                    options.accept(all);
                }),
                TinyRun.tuner(tuner),
                QuantiseSpec.none(),
                42,
                ModelFiles.fingerprint(folder.resolve("model")),
                manifest.contentSha256(),
                manifest.tokenizerSha256(),
                new TreeMap<>(),
                null);
    }

    /** A model of the sizes of a recorded case, for the same rows. */
    Path model(String family) throws IOException {
        return model(family, config(family));
    }

    Path model(String name, ModelConfig config) throws IOException {
        Path model = folder.resolve(name);
        try (DecoderModel random = DecoderModel.random(config, 5)) {
            random.save(model, 1 << 30);
        }
        Files.copy(folder.resolve("model/tokenizer.json"), model.resolve("tokenizer.json"));
        return model;
    }

    /** The sizes of the recorded cases, with the vocabulary of the rows and a token more, so that no ranks have the same share. */
    static ModelConfig config(String family) {
        return ModelConfig.read(Path.of("../model/src/test/resources/golden", family))
                .with("initializer_range", 0.2)
                .with("vocab_size", TinyRun.VOCABULARY + 1);
    }

    static TrainTask withTuner(TrainTask task, TunerSpec tuner) {
        return with(task, Map.of("tuner", tuner));
    }

    /** The task with a tokenizer of {@code size} tokens, new ones among them where the model has fewer. */
    TrainTask withVocabulary(TrainTask task, int size) throws IOException {
        Path tokenizer = Files.createDirectories(folder.resolve("tokenizer-" + size));
        TinyRun.tokenizer(tokenizer, size);
        return with(task, Map.of("tokenizerFolder", tokenizer.toString()));
    }

    static TrainTask withModel(TrainTask task, Path model) {
        return with(
                task,
                Map.of(
                        "modelFolder",
                        model.toString(),
                        "tokenizerFolder",
                        model.toString(),
                        "modelSha256",
                        ModelFiles.fingerprint(model)));
    }

    /** The task with a base of four bits. */
    static TrainTask quantised(TrainTask task) {
        return quantised(task, "bnb 4");
    }

    /** The task with a base quantised by {@code method}, which is its name and its bits. */
    static TrainTask quantised(TrainTask task, String method) {
        String[] words = method.split(" ", -1);
        return with(task, Map.of("quantise", Map.of("quantMethod", words[0], "quantBits", Integer.parseInt(words[1]))));
    }

    /** The task with other values for some of its components. */
    private static TrainTask with(TrainTask task, Map<String, Object> others) {
        ObjectNode json = (ObjectNode) TinyRun.json(task.toJson());
        others.forEach((name, value) -> json.set(name, TinyRun.JSON.valueToTree(value)));
        return TrainTask.fromJson(json.toString());
    }

    /** The same task with another output. */
    static TrainTask at(String output, TrainTask task) {
        return with(task, Map.of("output", output));
    }

    /** Trains to the end, on as many threads as there are ranks; gives the step that it began at. */
    static int run(TrainTask task) throws Exception {
        return run(task, Integer.MAX_VALUE);
    }

    /** As the other, up to a stop after {@code last} steps, if that is before the end. */
    static int run(TrainTask task, int last) throws Exception {
        List<TrainResult> results = ThreadRanks.worlds(task.train().worldSize(), world -> {
            Torch.threads(1);
            int[] steps = {0};
            return Trainer.run(task, new RankPlace(world, TrainReports.none(), () -> ++steps[0] == last));
        });
        return results.get(0).resumedFrom();
    }

    /** The weights that training left, as one file's bytes. */
    static byte[] weights(Path output) throws IOException {
        try (Stream<Path> files = Files.list(output.resolve("model"))) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".safetensors"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    /** The largest difference of any trained weight between the models that two runs left. */
    static double largestDifference(Path a, Path b) {
        double largest = 0;
        try (Scope scope = Scope.open();
                SafeTensorsFile one = SafeTensorsFile.open(file(a));
                SafeTensorsFile other = SafeTensorsFile.open(file(b))) {
            assertThat(one.names()).isNotEmpty().isEqualTo(other.names());
            for (String name : one.names()) {
                float[] x = Torch.toFloats(one.tensor(name));
                float[] y = Torch.toFloats(other.tensor(name));
                for (int i = 0; i < x.length; i++) {
                    largest = Math.max(largest, Math.abs(x[i] - y[i]));
                }
            }
        }
        return largest;
    }

    private static Path file(Path run) {
        return Stream.of("model.safetensors", "adapter_model.safetensors")
                .map(run.resolve("model")::resolve)
                .filter(file -> file.toFile().exists())
                .findFirst()
                .orElseThrow();
    }

    /** A copy of {@code model} whose final norm overflows. */
    static void copyWithInfiniteNorm(Path model, Path copy) throws IOException {
        Files.createDirectories(copy);
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                DecoderModel loaded = DecoderModel.load(model)) {
            loaded.parameters().get("model.norm.weight").tensor().fill_(Torch.scalar(Double.POSITIVE_INFINITY));
            loaded.save(copy, 1 << 30);
        }
    }
}
