package io.apus.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.jobs.launch.Progress;
import io.apus.jobs.launch.Sessions;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.jobs.launch.StoppedRun;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.shards.Sha256;
import io.apus.spark.barrier.BarrierStage;
import io.apus.testkit.EmbeddedCluster;
import io.apus.testkit.Remains;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trains for real: two executor processes, libtorch in each, gradients all-reduced between them. */
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrainStageTest {
    private static final String[] TRAINING = {
        "--tuner_type", "full",
        "--world_size", "2",
        "--gradient_accumulation_steps", "2",
        "--max_steps", "60",
        "--save_steps", "10",
        "--save_total_limit", "2",
        "--eval_steps", "25",
        "--learning_rate", "1e-3",
        "--ddp_timeout", "90",
        "--spark_conf", "spark.ui.port=0"
    };

    @TempDir
    static Path folder;

    private static SparkSession spark;

    @BeforeAll
    static void start() throws Exception {
        TinyRun.model(folder.resolve("model"));
        EmbeddedCluster cluster = EmbeddedCluster.in(folder.resolve("spark"));
        RunSpec spec = TinyRun.spec(folder, TRAINING);
        spark = cluster.whileStarting(() -> Sessions.open(spec));
        spark.sparkContext().setLogLevel("ERROR");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static final class Seen implements Progress {
        private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
        private final int step;
        private final Runnable atStep;

        Seen(int step, Runnable atStep) {
            this.step = step;
            this.atStep = atStep;
        }

        @Override
        public void begin(String phase, long total) {
            notes.add("begin " + phase + " " + total);
        }

        @Override
        public void update(long done, String note) {
            notes.add(note);
            if (done == step) {
                atStep.run();
            }
        }

        @Override
        public void end(String note) {
            notes.add("end " + note);
        }
    }

    private static StageResult train(String run, Seen seen, RunSpec spec) throws Exception {
        RunLayout layout = new RunLayout(folder.resolve(run));
        TinyRun.shards(layout, "train", 40);
        TinyRun.shards(layout, "validation", 6);
        return new TrainStage().run(new StageContext(spark, spec, layout, Map.of(), folder, seen));
    }

    @Test
    void aRunThatIsStoppedAndThenLosesAnExecutorEndsWithTheWeightsOfAnUndisturbedOne() throws Exception {
        RunSpec spec = TinyRun.spec(folder, TRAINING);
        Seen straight = new Seen(0, () -> {});
        StageResult expected = train("straight", straight, spec);

        assertThatThrownBy(() -> train("disturbed", new Seen(10, BarrierStage::stopAll), spec))
                .isInstanceOf(StoppedRun.class)
                .hasMessageMatching("train stopped after step \\d+, its checkpoint is written. The same command.*");
        assertThat(new RunLayout(folder.resolve("disturbed")).trainedModel()).doesNotExist();

        AtomicBoolean killed = new AtomicBoolean();
        Seen disturbed = new Seen(5, () -> {
            if (killed.compareAndSet(false, true)) {
                anExecutor().destroyForcibly();
            }
        });
        StageResult actual = train("disturbed", disturbed, spec);

        assertThat(killed).isTrue();
        assertThat(expected.facts())
                .containsEntry("attempts", 1)
                .containsEntry("steps", 60)
                .containsEntry("world_size", 2);
        assertThat(actual.facts()).containsEntry("attempts", 2).containsEntry("steps", 60);
        assertThat((Integer) actual.facts().get("resumed_from_step"))
                .isGreaterThanOrEqualTo(10)
                .isLessThan(60);
        assertThat(weights("disturbed")).isEqualTo(weights("straight"));
        assertThat(actual.facts().get("eval_loss")).isEqualTo(expected.facts().get("eval_loss"));
        assertThat(disturbed.notes).anyMatch(note -> note.startsWith("end lost executor"));
        assertThat(new RunLayout(folder.resolve("disturbed")).rankLogs().resolve("rank-1.log"))
                .content()
                .contains("rank 1 of 2, attempt 0", "rank 1 of 2, attempt 1", "the rank has ended well");
        assertThat(straight.notes)
                .anyMatch(note -> note.matches("step 17/60  loss \\d.*tok/s  \\d+% of peak  0\\.\\d GiB/rank"));
        assertThat(straight.notes).anyMatch(note -> note.contains("eval_loss"));
        assertThat(hashes(expected)).contains("model.safetensors", "config.json", "tokenizer.json", "logging.jsonl");
        assertThat(expected.accounting().in()).isEqualTo(40);
    }

    @Test
    void aMistakeFoundInAnExecutorIsTheUsersError() {
        RunSpec spec = TinyRun.spec(
                folder, "--world_size", "2", "--target_modules", "q_porj", "--spark_conf", "spark.ui.enabled=false");

        assertThatThrownBy(() -> train("mistaken", new Seen(0, () -> {}), spec))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("q_porj")
                .hasMessageContaining("q_proj");
    }

    /** Runs last: it ends the session that the others use. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aSessionThatTheDriverStopsLeavesACheckpointAndNoExecutor() throws Exception {
        // No checkpoint but the one that the stop leaves.
        String[] endless = Stream.of(TRAINING)
                .map(text -> text.equals("60") || text.equals("10") ? "1000000" : text)
                .toArray(String[]::new);
        List<ProcessHandle> executors = ProcessHandle.current().children().toList();
        AtomicReference<CompletableFuture<Void>> stopping = new AtomicReference<>();
        Seen seen = new Seen(10, () -> stopping.compareAndSet(null, CompletableFuture.runAsync(spark::stop)));

        assertThatThrownBy(() -> train("session", seen, TinyRun.spec(folder, endless)))
                .isInstanceOf(StoppedRun.class);
        stopping.get().get(60, TimeUnit.SECONDS);

        assertThat(executors).hasSize(2);
        for (ProcessHandle executor : executors) {
            executor.onExit().get(30, TimeUnit.SECONDS);
        }
        Path checkpoints =
                new RunLayout(folder.resolve("session")).stage("train").resolve("checkpoints");
        try (Stream<Path> steps = Files.list(checkpoints)) {
            assertThat(steps).singleElement().satisfies(step -> {
                assertThat(step.getFileName().toString()).matches("step-[1-9]\\d+");
                assertThat(step.resolve("manifest.json")).isNotEmptyFile();
            });
        }
    }

    /** After whatever a test has done to them, executors hold no thread of a rank and no port but Spark's. */
    @AfterEach
    void executorsAreAsBefore() {
        if (spark.sparkContext().isStopped()) {
            return;
        }
        List<String> left = new JavaSparkContext(spark.sparkContext())
                .parallelize(List.of(0, 1, 2, 3), 4)
                .mapPartitions(ignored -> remains().iterator())
                .collect();
        assertThat(left).isEmpty();
    }

    private static List<String> remains() {
        List<String> remains = new ArrayList<>(Remains.ofRanks());
        Set<String> ports = Remains.listening();
        if (ports.size() > 1) {
            remains.add("besides that of Spark's block manager: " + ports);
        }
        return remains;
    }

    /** The embedded workers live in this process: its children are the executors. */
    private static ProcessHandle anExecutor() {
        return ProcessHandle.current().children().findFirst().orElseThrow();
    }

    private static String weights(String run) {
        return Sha256.of(new RunLayout(folder.resolve(run)).trainedModel().resolve("model.safetensors"));
    }

    /** The newest run as the tab of Spark's pages has it. */
    private static JsonNode shown() throws Exception {
        SparkContext context = spark.sparkContext();
        context.listenerBus().waitUntilEmpty();
        return new ObjectMapper()
                .readTree(
                        URI.create(context.uiWebUrl().get() + "/training/json/").toURL());
    }

    private static List<String> hashes(StageResult result) {
        return result.outputs().stream()
                .flatMap(output -> output.files().stream())
                .filter(file -> file.sha256().length() == 64)
                .map(Manifest.FileEntry::path)
                .toList();
    }

    @Test
    void aWorldOfOneTakesTheSamePath() throws Exception {
        RunSpec spec =
                TinyRun.spec(folder, "--max_steps", "3", "--lora_rank", "2", "--spark_conf", "spark.ui.enabled=false");

        StageResult result = train("alone", new Seen(0, () -> {}), spec);

        assertThat(result.facts())
                .containsEntry("world_size", 1)
                .containsEntry("steps", 3)
                .containsEntry("attempts", 1);
        assertThat(Files.exists(
                        new RunLayout(folder.resolve("alone")).trainedModel().resolve("adapter_model.safetensors")))
                .isTrue();
        JsonNode shown = shown();
        assertThat(shown.get("state").asText()).isEqualTo("ended");
        assertThat(shown.get("step").asInt()).isEqualTo(3);
        assertThat(shown.get("facts").get("tuner").asText()).startsWith("lora, ");
        assertThat(shown.get("ranks")).hasSize(1);
        assertThat(shown.get("curves").get("loss").get("values").get(0).asDouble())
                .isGreaterThan(1);
    }
}
