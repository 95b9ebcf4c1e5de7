package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.UserError;
import io.apus.schemas.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which checkpoints are kept, and which one a run begins at. */
class CheckpointOptionsTest {
    @TempDir
    private Path folder;

    private TinyTask tiny;

    @BeforeEach
    void prepare() {
        tiny = TinyTask.in(folder);
    }

    @Test
    void theBestIsKeptLinkedAndLeftAsTheModel() throws IOException {
        // The metric is turned round: the first checkpoint has the largest loss.
        Map<String, Object> best = Map.of(
                "greaterIsBetter",
                true,
                "loadBestModelAtEnd",
                true,
                "createCheckpointSymlink",
                true,
                "asyncSave",
                true);
        run("out", 8, best);
        run("short", 2, Map.of());

        Path checkpoints = folder.resolve("out/checkpoints");
        assertThat(checkpoints.resolve("best").toRealPath())
                .isEqualTo(checkpoints.resolve("step-2").toRealPath());
        assertThat(checkpoints.resolve("last").toRealPath())
                .isEqualTo(checkpoints.resolve("step-8").toRealPath());
        assertThat(checkpoints.resolve("step-6")).doesNotExist();
        assertThat(TinyTask.weights(folder.resolve("out"))).isEqualTo(TinyTask.weights(folder.resolve("short")));
        List<String> log = Files.readAllLines(folder.resolve("out/logging.jsonl"));
        JsonNode summary = TinyRun.json(log.get(log.size() - 1));
        assertThat(summary.get("best_model_checkpoint").asText()).isEqualTo("step-2");
    }

    @Test
    void aRunBeginsAtAGivenCheckpointAndThenGoesOnFromItsOwn() throws IOException {
        run("first", 8, Map.of());
        String given = folder.resolve("first/checkpoints/step-8").toString();
        Map<String, Object> resume =
                Map.of("resumeFromCheckpoint", given, "resumeAllowChanges", List.of("train.max_steps"));

        assertThat(run("second", 10, resume).resumedFrom()).isEqualTo(8);
        assertThat(run("second", 10, resume).resumedFrom()).isEqualTo(10);
        assertThatThrownBy(() -> run("third", 10, Map.of("resumeFromCheckpoint", given)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(
                        "train.max_steps was 8, is 10. Restore what changed, name it in resume_allow_changes");
        assertThatThrownBy(() -> run("second", 10, Map.of("resumeFromCheckpoint", given.replace("step-8", "step-6"))))
                .hasMessageContaining("holds checkpoints of another course, up to step 10");
        assertThatThrownBy(() -> run("fourth", 10, Map.of("resumeFromCheckpoint", given.replace("step-8", "step-7"))))
                .hasMessageContaining("there is no checkpoint that was written completely");
    }

    @Test
    void theBestMayBeOfTheCourseBefore() throws IOException {
        Map<String, Object> best = new HashMap<>(Map.of(
                "greaterIsBetter", true, "loadBestModelAtEnd", true, "resumeAllowChanges", List.of("train.max_steps")));
        run("first", 4, best);
        best.put(
                "resumeFromCheckpoint",
                folder.resolve("first/checkpoints/step-4").toString());
        run("second", 6, best);
        assertThat(TinyTask.weights(folder.resolve("second"))).isEqualTo(TinyTask.weights(folder.resolve("first")));

        // Its best one is in no folder that the third run knows of.
        best.put(
                "resumeFromCheckpoint",
                folder.resolve("second/checkpoints/step-6").toString());
        run("third", 8, best);
        assertThat(TinyTask.weights(folder.resolve("third"))).isNotEqualTo(TinyTask.weights(folder.resolve("first")));
    }

    @Test
    void weightsAloneAreTakenWithOrWithoutThePlaceInTheData() throws IOException {
        run("first", 4, Map.of());
        String given = folder.resolve("first/checkpoints/step-4").toString();
        Map<String, Object> weights = Map.of("resumeFromCheckpoint", given, "resumeOnlyModel", true);
        Map<String, Object> anew = new HashMap<>(weights);
        anew.put("ignoreDataSkip", true);

        assertThat(run("on", 6, weights).resumedFrom()).isEqualTo(4);
        List<JsonNode> steps = new ArrayList<>();
        TrainResult result = Trainer.run(task("anew", 2, anew), World.alone(), line -> TinyRun.addStep(steps, line));

        assertThat(result.resumedFrom()).isZero();
        assertThat(steps).hasSize(2);
        assertThat(steps.get(0).get("loss").asDouble())
                .as("of weights that have learnt")
                .isLessThan(4.4);
        assertThatThrownBy(() -> Trainer.run(
                        tiny.task("other", "lora", all -> options(all, 6, weights)),
                        World.alone(),
                        TrainReports.none()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("tuner.tuner_type was full, is lora");
    }

    private TrainResult run(String output, int steps, Map<String, Object> checkpoint) {
        return Trainer.run(task(output, steps, checkpoint), World.alone(), TrainReports.none());
    }

    private TrainTask task(String output, int steps, Map<String, Object> checkpoint) {
        return tiny.task(output, "full", all -> options(all, steps, checkpoint));
    }

    private static void options(Map<String, Object> all, int steps, Map<String, Object> checkpoint) {
        all.put("maxSteps", steps);
        all.put("lrSchedulerType", "constant");
        all.put("saveStrategy", "steps");
        all.put("saveSteps", 2);
        all.put("saveTotalLimit", 2);
        Map<String, Object> merged = new HashMap<>(Map.of("asyncSave", false));
        merged.putAll(checkpoint);
        all.put("checkpoint", merged);
    }
}
