package io.apus.bench.ranks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.bench.measure.Scratch;
import io.apus.bench.train.ModelSize;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.shards.ShardReader;
import io.apus.shards.ShardWriter;
import io.apus.train.ModelFiles;
import io.apus.train.TrainTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A random model and packed rows of random tokens, every one a target, on disk as a run has them. */
public final class MadeRun implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long ONE_FILE = Long.MAX_VALUE;
    private static final int SAMPLE = 256;
    private static final int ROWS = 256;

    private final Scratch scratch;
    private final Path model;
    private final Path shards;
    private final ShardManifest manifest;
    private final AtomicInteger runs = new AtomicInteger();

    /** @param tokens of a row */
    public MadeRun(ModelSize size, int tokens) throws IOException {
        this(size.config(), tokens);
    }

    /** @param tokens of a row */
    public MadeRun(ModelConfig config, int tokens) throws IOException {
        this.scratch = new Scratch();
        this.model = Files.createDirectories(scratch.path("model"));
        try (DecoderModel random = DecoderModel.random(config, 1)) {
            random.save(model, ONE_FILE);
        }
        Files.writeString(model.resolve("tokenizer.json"), "{}");
        this.shards = scratch.path("shards");
        SplittableRandom numbers = new SplittableRandom(1);
        try (ShardWriter writer = new ShardWriter(shards, "train", tokens, "none", 1 << 20)) {
            for (int row = 0; row < ROWS; row++) {
                writer.add(row(numbers, row, tokens, config.vocabSize()));
            }
            writer.commit();
        }
        this.manifest = ShardReader.open(shards).manifest();
    }

    private static PackedRow row(SplittableRandom numbers, int row, int tokens, int vocabulary) {
        int[] ids = numbers.ints(tokens, 0, vocabulary).toArray();
        float[] weights = new float[tokens];
        Arrays.fill(weights, 1);
        int whole = tokens / SAMPLE;
        int[] segments = IntStream.concat(IntStream.generate(() -> SAMPLE).limit(whole), IntStream.of(tokens % SAMPLE))
                .filter(length -> length > 0)
                .toArray();
        List<String> names =
                IntStream.range(0, segments.length).mapToObj(i -> row + "-" + i).toList();
        return new PackedRow(ids, weights, segments, names);
    }

    /** A new run with {@code options} by component name over those of full tuning that saves and logs nothing. */
    public TrainTask task(Map<String, Object> options) {
        return task("full", options);
    }

    /** As {@link #task(Map)}, for {@code tuner} with its defaults, but that nothing is dropped. */
    public TrainTask task(String tuner, Map<String, Object> options) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "saveStrategy", "no", "reportTo", List.of("none"), "gradientCheckpointing", false, "loggingSteps", 1));
        all.putAll(options);
        return new TrainTask(
                model.toString(),
                model.toString(),
                false,
                List.of(),
                shards.toString(),
                null,
                scratch.path("run-" + runs.getAndIncrement()).toString(),
                JSON.convertValue(all, TrainSpec.class),
                JSON.convertValue(Map.of("tunerType", tuner, "lora", Map.of("loraDropout", 0)), TunerSpec.class),
                QuantiseSpec.none(),
                1,
                ModelFiles.fingerprint(model),
                manifest.contentSha256(),
                manifest.tokenizerSha256(),
                new TreeMap<>(),
                null);
    }

    /** Bytes of all files in {@code folder}. */
    static long bytes(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        scratch.close();
    }
}
