package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.UserError;
import io.apus.schemas.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run refuses to go on with, through the trainer. */
class RefusalTest {
    @TempDir
    private Path folder;

    private TinyTask tiny;

    @BeforeEach
    void trainFourSteps() {
        tiny = TinyTask.in(folder);
        Trainer.run(task(5e-3), World.alone(), TrainReports.none());
    }

    @Test
    void aFlippedByteOfACheckpoint() throws IOException {
        Path file = file("optimizer");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);

        refuses(task(5e-3), file.getFileName() + " was changed: its SHA-256 is ");
    }

    @Test
    void aMissingFileOfACheckpoint() throws IOException {
        Path file = file("parameters");
        Files.delete(file);

        refuses(task(5e-3), file.getFileName() + " is missing");
    }

    @Test
    void anotherLearningRate() {
        refuses(task(1e-3), "train.learning_rate was 0.005, is 0.001");
    }

    @Test
    void otherRows() {
        Path other = TinyRun.shards(folder.resolve("other"), "train", TinyRun.packed(TinyRun.samples(30, 9), 3));

        refuses(tiny.task("out", "full", other, options(5e-3)), "dataset was ");
    }

    @Test
    void rowsThatAreNotThoseOfTheTask() {
        TrainTask before = task(5e-3);
        TinyRun.shards(folder.resolve("train"), "train", TinyRun.packed(TinyRun.samples(30, 9), 3));

        refuses(before, "the run was started for " + before.datasetSha256());
    }

    @Test
    void anotherModelTokenizerOrTuner() throws IOException {
        Path other = folder.resolve("other-model");
        TinyTask.copyWithInfiniteNorm(folder.resolve("model"), other);

        refuses(TinyTask.withModel(task(5e-3), other), "model was ");
        refuses(tiny.task("out", "lora", options(5e-3)), "tuner.tuner_type was full, is lora");
    }

    @Test
    void anotherChatTemplateUnlessToldOtherwise() {
        Path other = TinyRun.shards(folder.resolve("other"), "train", TinyRun.packed(TinyRun.samples(126, 9), 3));
        Trainer.run(rendered("qwen3", task("templated", Map.of())), World.alone(), TrainReports.none());
        TrainTask changed = rendered("chatml", tiny.task("templated", "full", other, options(5e-3)));

        refuses(changed, "dataset was ");
        refuses(changed, "; dataset: template was qwen3, is chatml");
        // The same rows by another name are the same rows.
        assertThat(resumedFrom(rendered("chatml", task("templated", Map.of())))).isEqualTo(4);
        TrainTask allowed =
                tiny.task("templated", "full", other, with(Map.of("resumeAllowChanges", List.of("dataset"))));
        assertThat(resumedFrom(rendered("chatml", allowed))).isEqualTo(4);
    }

    @Test
    void whatMayChangeIsNamed() throws IOException {
        Path other = folder.resolve("other-model");
        TinyTask.copyWithInfiniteNorm(folder.resolve("model"), other);
        TrainTask task = task("out", Map.of("resumeAllowChanges", List.of("model")));

        // The checkpoint has all weights: those of the other model are not looked at.
        assertThat(resumedFrom(TinyTask.withModel(task, other))).isEqualTo(4);
    }

    private TrainTask task(String output, Map<String, Object> checkpoint) {
        return tiny.task(output, "full", with(checkpoint));
    }

    private static Consumer<Map<String, Object>> with(Map<String, Object> checkpoint) {
        return all -> {
            options(5e-3).accept(all);
            Map<String, Object> both = new HashMap<>(checkpoint);
            both.put("asyncSave", false);
            all.put("checkpoint", both);
        };
    }

    /** {@code task} on rows that were made with a chat template. */
    private static TrainTask rendered(String template, TrainTask task) {
        ObjectNode json = (ObjectNode) TinyRun.json(task.toJson());
        json.putObject("rowOptions").put("template", template);
        return TrainTask.fromJson(json.toString());
    }

    private static int resumedFrom(TrainTask task) {
        return Trainer.run(task, World.alone(), TrainReports.none()).resumedFrom();
    }

    @Test
    void noRowsAtAll() {
        Path empty = TinyRun.shards(folder.resolve("empty"), "train", List.of());

        refuses(tiny.task("new", "full", empty, options(5e-3)), "holds no rows");
    }

    @Test
    void theCheckpointIsAcceptedWhenNothingThatMattersChanged() {
        TrainTask task = tiny.task("out", "full", all -> {
            options(5e-3).accept(all);
            all.put("loggingSteps", 2);
            all.put("gradientCheckpointing", false);
            all.put("saveTotalLimit", 1);
        });

        assertThat(Trainer.run(task, World.alone(), TrainReports.none()).resumedFrom())
                .isEqualTo(4);
    }

    /** The file of a section of the checkpoint. */
    private Path file(String section) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("out/checkpoints/step-4"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(section))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private TrainTask task(double learningRate) {
        return tiny.task("out", "full", options(learningRate));
    }

    private static Consumer<Map<String, Object>> options(double learningRate) {
        return all -> {
            all.put("maxSteps", 4);
            all.put("saveStrategy", "steps");
            all.put("learningRate", learningRate);
        };
    }

    private static void refuses(TrainTask task, String saying) {
        assertThatThrownBy(() -> Trainer.run(task, World.alone(), TrainReports.none()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(saying);
    }
}
