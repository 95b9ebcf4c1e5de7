package io.apus.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.bench.measure.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the launcher as a user does until training has begun; takes the time apart by what the run itself recorded. */
public final class FirstStep {
    private static final JsonMapper JSON = new JsonMapper();
    /** Of the rank's phases: how long its process had been there already. */
    private static final String BEFORE = "start";

    private static final List<String> PHASES = List.of("load", "meet", "share", "restore", "measure", "first_step");

    private static final List<String> SHORT =
            List.of("train.max_steps=3", "train.logging_steps=1", "train.save_strategy=no", "train.eval_strategy=no");

    private final Path launcher;
    private final Path file;
    private final Scratch scratch;

    /**
     * @param launcher the program {@code apus}
     * @param file of the run
     */
    public FirstStep(Path launcher, Path file, Scratch scratch) {
        this.launcher = launcher;
        this.file = file;
        this.scratch = scratch;
    }

    /** Makes the rows. */
    public void prepare() throws IOException {
        for (String stage : List.of("ingest", "filter", "tokenize", "pack")) {
            await(begin(stage));
        }
    }

    /** Seconds by what was done in them, from the command to the end of the first step. */
    public Map<String, Double> measure() throws IOException {
        Path train = scratch.fresh("out/train");
        Instant command = Instant.now();
        Process process = begin("train");
        Path log = train.resolve("logging.jsonl");
        while (process.isAlive() && !(Files.exists(log) && Files.size(log) > 0)) {
            pause();
        }
        double all = seconds(command, Instant.now());
        await(process);

        JsonNode manifest = JSON.readTree(train.resolve("manifest.json").toFile());
        Map<String, Double> seconds = new LinkedHashMap<>();
        double driver = seconds(command, Instant.parse(manifest.get("startedAt").asText()));
        JsonNode phases = manifest.get("facts").get("phase_seconds");
        double executor = phases.get(BEFORE).asDouble();
        double ranks = 0;
        for (String phase : PHASES) {
            ranks += phases.get(phase).asDouble();
        }
        seconds.put("launcher, Java, run file", driver);
        seconds.put("Spark's session, until the executor of rank 0 starts", all - driver - executor - ranks);
        seconds.put("executor: Java, Spark, slots, tasks, barrier", executor);
        for (String phase : PHASES) {
            seconds.put("rank 0: " + phase, phases.get(phase).asDouble());
        }
        seconds.put("all", all);
        return seconds;
    }

    private Process begin(String stage) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "stage", stage, file.toString()));
        command.add("output_dir=" + scratch.path("out"));
        command.addAll(SHORT);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(scratch.path("output.txt").toFile())
                .start();
    }

    private void await(Process process) throws IOException {
        try {
            if (process.waitFor() != 0) {
                throw new IOException("the launcher failed: " + Files.readString(scratch.path("output.txt")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }
}
