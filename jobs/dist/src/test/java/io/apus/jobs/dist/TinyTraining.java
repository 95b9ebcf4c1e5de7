package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The quickstart with a model so small that two ranks train 600 steps of it in seconds, and a look at how far it is. */
final class TinyTraining {
    /** Steps between two checkpoints. */
    static final int SAVE_STEPS = 20;

    /** The quickstart's rows, and the model's size. */
    static final List<String> MODEL = List.of(
            "ingest.dataset=[quickstart-qa]",
            "model.create.vocab_size=400",
            "model.create.hidden_size=32",
            "model.create.intermediate_size=64",
            "model.create.num_hidden_layers=2",
            "model.create.num_attention_heads=2",
            "model.create.num_key_value_heads=1",
            "model.create.head_dim=16");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Pattern PROCESS = Pattern.compile("rank \\d+ of 2, attempt (\\d+), .*, process (\\d+)");
    private static final String SPARK = "spark.sql.shuffle.partitions: 2, spark.databricks.delta.snapshotPartitions: 1,"
            + " spark.network.timeout: 20s, spark.network.timeoutInterval: 5s, spark.executor.heartbeatInterval: 2s,"
            + " spark.executor.extraJavaOptions: -XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private final Cluster cluster;
    private final Path out;
    private final String sparkConf;
    private final List<String> settings;

    TinyTraining(Cluster cluster, Path out) {
        this(cluster, out, SPARK, List.of());
    }

    private TinyTraining(Cluster cluster, Path out, String sparkConf, List<String> settings) {
        this.cluster = cluster;
        this.out = out;
        this.sparkConf = sparkConf;
        this.settings = settings;
    }

    /** With a setting of Spark's besides. */
    TinyTraining withSpark(String key, String value) {
        return new TinyTraining(cluster, out, sparkConf + ", " + key + ": " + value, settings);
    }

    /** With other settings of the run. */
    TinyTraining with(String... more) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return new TinyTraining(cluster, out, sparkConf, all);
    }

    /** The rows that are trained on, for who wants them elsewhere. */
    static org.apache.hadoop.fs.Path rows() {
        return new org.apache.hadoop.fs.Path(
                SourceTree.root().resolve("conf/datasets/quickstart/qa.csv").toUri());
    }

    /** Runs everything before training; {@code options} are spark-submit's. */
    void prepare(String... options) throws Exception {
        for (String job : List.of("Ingest", "Filter", "Tokenize", "Pack")) {
            Programs.Submitted submitted = begin(job, options).end();
            assertThat(submitted.exitCode()).as(submitted.said()).isZero();
        }
    }

    /** Begins a new training and waits until it has done {@code steps}. */
    Programs.Running begun(int steps, String... options) throws Exception {
        forget();
        Programs.Running driver = begin("Train", options);
        await("step " + steps, () -> {
            assertThat(driver.process().isAlive() || step() >= steps)
                    .as(Files.readString(driver.out()) + Files.readString(driver.err()))
                    .isTrue();
            return step() >= steps;
        });
        return driver;
    }

    /** Leaves nothing of trainings before. */
    void forget() throws IOException {
        delete(train());
    }

    /** Starts a job; {@code options} are spark-submit's. */
    Programs.Running begin(String job, String... options) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                SourceTree.root().resolve("conf/runs/quickstart.yaml").toString(),
                "output_dir=" + out,
                "cluster.spark_conf={" + sparkConf + "}",
                "train.max_steps=600",
                "train.logging_steps=1",
                "train.save_steps=" + SAVE_STEPS,
                "train.eval_strategy=no",
                "train.ddp_timeout=10",
                "train.stall_timeout=3"));
        args.addAll(MODEL);
        args.addAll(settings);
        return cluster.begin(
                List.of(options), "io.apus.jobs." + job + "Job", Path.of(System.getProperty("apus.jar")), args);
    }

    Path train() {
        return out.resolve("train");
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /** Waits until the cluster runs nothing for us any more. */
    void noOrphans() throws Exception {
        await("the executors' end", () -> cluster.executors().isEmpty());
    }

    /** Steps that the training log has. */
    int step() throws IOException {
        Path log = train().resolve("logging.jsonl");
        if (!Files.exists(log)) {
            return 0;
        }
        int steps = 0;
        for (String line : Files.readAllLines(log)) {
            if (line.contains("\"loss\"")) {
                steps++;
            }
        }
        return steps;
    }

    /** How often the ranks have been started again. */
    int attempt() throws IOException {
        return Integer.parseInt(lastGreeting(0).group(1));
    }

    ProcessHandle rankProcess(int rank) throws IOException {
        return ProcessHandle.of(Long.parseLong(lastGreeting(rank).group(2))).orElseThrow();
    }

    private Matcher lastGreeting(int rank) throws IOException {
        Matcher last = null;
        for (String line : Files.readAllLines(train().resolve("logs/rank-" + rank + ".log"))) {
            Matcher greeting = PROCESS.matcher(line);
            last = greeting.matches() ? greeting : last;
        }
        return last;
    }

    /** A number of the committed training. */
    long fact(String name) throws IOException {
        JsonNode manifest = JSON.readTree(train().resolve("manifest.json").toFile());
        return manifest.findValue(name).asLong();
    }

    static void signal(String name, ProcessHandle process) throws Exception {
        output("kill", "-" + name, Long.toString(process.pid()));
    }

    static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
