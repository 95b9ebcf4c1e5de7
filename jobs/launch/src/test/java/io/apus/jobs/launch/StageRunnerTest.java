package io.apus.jobs.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.spec.RunSpec;
import io.apus.shards.ManifestFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageRunnerTest {
    private static SparkSession spark;

    @TempDir
    Path out;

    private final List<ToyStage> stages = ToyStage.chain();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeAll
    static void open() {
        spark = Sessions.open(RunSpecReader.read(
                Optional.empty(), List.of(), List.of("--model", "m", "--dataset", "d", "--master", "local[1]")));
    }

    @AfterAll
    static void close() {
        spark.stop();
    }

    /** On Databricks the session and the process are the platform's, and a job may end neither. */
    @Test
    void aSessionThatWasThereBeforeIsNotStoppedAndItsProcessNotEnded() throws Exception {
        new Run(spec(), out, new PrintStream(printed)).execute(List.copyOf(stages));

        assertThat(stages).extracting(stage -> stage.runs).containsExactly(1, 1, 1);
        assertThat(spark.sparkContext().isStopped()).isFalse();
        assertThatThrownBy(() -> JobMain.run(stages.get(0), new String[0])).isInstanceOf(UserError.class);
    }

    @Test
    void aCommittedStageIsNotRunAgain() throws Exception {
        run();
        long start = System.nanoTime();
        List<StageReport> again = run();

        assertThat(System.nanoTime() - start)
                .as("nanoseconds to skip all stages")
                .isLessThan(1_000_000_000L);
        assertThat(again).allMatch(StageReport::skipped);
        assertThat(stages).extracting(stage -> stage.runs).containsExactly(1, 1, 1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("pack      committed   3 in, 2 kept, 1 refused (bad 1)");
    }

    @Test
    void theManifestSaysWhatWasDone() throws Exception {
        run("--seed", "7", "--packing");

        Manifest ingest = manifest("ingest");
        Manifest pack = manifest("pack");
        assertThat(pack.inputs()).containsEntry("ingest", ingest.commit());
        assertThat(pack.configuration()).containsEntry("pack.packing", "true").doesNotContainKey("train.max_steps");
        assertThat(pack.seed()).isEqualTo(7);
        assertThat(pack.fingerprint()).hasSize(64);
        assertThat(pack.facts()).containsEntry("tokens", 7);
    }

    @Test
    void deletingAnOutputRunsThatStageAndThoseBehindIt() throws Exception {
        run();
        Files.delete(out.resolve("pack/out"));

        List<StageReport> again = run();

        assertThat(again).extracting(StageReport::skipped).containsExactly(true, false, false);
        assertThat(stages.get(2).found).as("what the old commit left is gone").isEmpty();
        assertThat(run()).allMatch(StageReport::skipped);
    }

    @Test
    void changedSettingsOfACommittedStageAreRefusedBeforeAnythingRuns() throws Exception {
        run();

        assertThatThrownBy(() -> run("--learning_rate", "2e-5", "--packing"))
                .isInstanceOf(UserError.class)
                .hasMessage("Cannot run pack, train: committed with other settings: pack.packing is true, was false; "
                        + "train.learning_rate is 2.0E-5, was (not given). Give another output_dir, or delete "
                        + out.resolve("pack") + ", " + out.resolve("train") + " to run again from there.");
        assertThat(stages).extracting(stage -> stage.runs).containsExactly(1, 1, 1);
        assertThatThrownBy(() -> run("--seed", "43"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("seed is 43, was 42");
    }

    @Test
    void settingsOfAStageBehindAnUncommittedOneMayChange() throws Exception {
        run();
        Files.delete(out.resolve("pack/manifest.json"));

        assertThat(run("--packing", "--learning_rate", "2e-5"))
                .extracting(StageReport::skipped)
                .containsExactly(true, false, false);
    }

    @Test
    void anInterruptedStageStartsFromAnEmptyFolderUnlessItResumes() throws Exception {
        stages.get(1).failure = new IllegalStateException("killed");
        assertThatThrownBy(this::run).hasMessage("killed");
        stages.get(1).failure = null;
        stages.get(2).failure = new IllegalStateException("killed");
        assertThatThrownBy(this::run).hasMessage("killed");
        assertThat(out.resolve("train/manifest.json")).doesNotExist();
        stages.get(2).failure = null;

        run();

        assertThat(stages.get(1).found).isEmpty();
        assertThat(stages.get(2).found).containsExactly("part");
        assertThat(stages).extracting(stage -> stage.runs).containsExactly(1, 2, 2);
    }

    @Test
    void aStageAloneNeedsItsInputsCommittedWithTheSameSettings() throws Exception {
        Stage train = stages.get(2);
        assertThatThrownBy(() -> run(List.of(train)))
                .isInstanceOf(UserError.class)
                .hasMessage("Cannot run train: pack is not committed in " + out + ". Run pack first.");
        run(List.of(stages.get(0), stages.get(1)));
        assertThatThrownBy(() -> run(List.of(train), "--packing"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("pack.packing is true, was false");
        Files.delete(out.resolve("ingest/manifest.json"));
        run(List.of(stages.get(0)));
        assertThatThrownBy(() -> run(List.of(train)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("pack is outdated");
        run(List.of(stages.get(1)));

        assertThat(run(List.of(train))).extracting(StageReport::skipped).containsExactly(false);
    }

    @Test
    void aFolderOfTheUsersIsNeverEmptied() throws Exception {
        Path own = Files.createDirectories(out.resolve("train")).resolve("precious.txt");
        Files.writeString(own, "mine");

        assertThatThrownBy(this::run)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("it holds files that Apus did not write");
        assertThat(own).hasContent("mine");
        assertThat(stages).extracting(stage -> stage.runs).containsExactly(0, 0, 0);
    }

    @Test
    void aClusterWithoutRoomIsRefusedBeforeAModelIsFetched() {
        stages.get(2).noRoom = new UserError("Cannot start 4 ranks at once", "there are 2", "");
        Supplier<RunSpec> fetching = () -> {
            throw new AssertionError("a model was fetched");
        };
        Progress progress = ConsoleProgress.on(new PrintStream(printed), phase -> {});
        StageRunner runner =
                new StageRunner(spec(), fetching, out, () -> spark, progress, new ConsoleLog(new PrintStream(printed)));

        assertThatThrownBy(() -> runner.run(List.copyOf(stages)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there are 2");
    }

    @Test
    void twoRunsDoNotShareAFolder() throws Exception {
        try (RunLock lock = RunLock.take(out)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(this::run)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("another run is at work there");
        }
        assertThat(run()).hasSize(3);
    }

    @Test
    void anOutputOutsideOfTheStagesFolderIsABug() {
        stages.get(1).outputPath = "pack/../ingest/out";

        assertThatThrownBy(this::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside its folder");
        assertThat(out.resolve("pack/manifest.json")).doesNotExist();
    }

    private List<StageReport> run(String... words) throws Exception {
        return run(List.copyOf(stages), words);
    }

    private List<StageReport> run(List<Stage> chosen, String... words) throws Exception {
        PrintStream print = new PrintStream(printed, true, StandardCharsets.UTF_8);
        Progress progress = new ConsoleProgress(print, false, 80, System::nanoTime, phase -> {});
        return new StageRunner(spec(words), Path.of("conf"), () -> spark, progress, new ConsoleLog(print)).run(chosen);
    }

    private RunSpec spec(String... words) {
        List<String> all = new ArrayList<>(List.of("--model", "m", "--dataset", "d", "--output_dir", out.toString()));
        all.addAll(Arrays.asList(words));
        return RunSpecReader.read(Optional.empty(), List.of(), all);
    }

    private Manifest manifest(String stage) throws IOException {
        return ManifestFile.read(out.resolve(stage).resolve("manifest.json"));
    }
}
