package io.apus.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.train.loop.Evaluation;
import io.apus.train.loop.Progress;
import io.apus.train.loop.StepReport;
import io.apus.train.loop.Window;
import io.apus.train.measure.RankFacts;
import io.apus.train.measure.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonlLogTest {
    @TempDir
    private Path folder;

    @Test
    void aLineHasTheNamesOfMsSwift() throws IOException {
        Path file = folder.resolve("logging.jsonl");
        JsonlLog log = JsonlLog.resume(file, 0);
        write(log, 12);
        log.evaluated(new Progress(12, 300, 0.04, 30), new Evaluation(1.25, 0.5, 100, 2));

        List<String> lines = Files.readAllLines(file);
        JsonNode training = new ObjectMapper().readTree(lines.get(0));
        assertThat(training.fieldNames())
                .toIterable()
                .containsExactly(
                        "loss",
                        "grad_norm",
                        "learning_rate",
                        "token_acc",
                        "epoch",
                        "global_step/max_steps",
                        "elapsed_time",
                        "remaining_time",
                        "memory(GiB)",
                        "train_speed(s/it)",
                        "tokens_per_second",
                        "matrix_product_share",
                        "ranks",
                        "data_wait");
        assertThat(training.get("global_step/max_steps").asText()).isEqualTo("12/300");
        assertThat(training.get("loss").asDouble()).isEqualTo(2);
        assertThat(training.get("token_acc").asDouble()).isEqualTo(0.75);
        assertThat(training.get("remaining_time").asText()).isEqualTo("12m 0s");
        assertThat(training.get("memory(GiB)").asDouble()).isBetween(0.01, 100.0);
        assertThat(training.get("matrix_product_share").asDouble()).isEqualTo(0.25);
        assertThat(training.get("ranks"))
                .hasToString("[{\"rank\":0,\"memory_bytes\":3221225472,\"peak_memory_bytes\":4294967296,"
                        + "\"tokens_per_second\":12.8,\"step_seconds\":2.5,\"busy_seconds\":2.0}]");
        JsonNode evaluation = new ObjectMapper().readTree(lines.get(1));
        assertThat(evaluation.get("eval_loss").asDouble()).isEqualTo(1.25);
        assertThat(evaluation.get("eval_token_acc").asDouble()).isEqualTo(0.5);
    }

    @Test
    void resumingDropsLinesBehindTheCheckpointAndATornLine() throws IOException {
        Path file = folder.resolve("logging.jsonl");
        JsonlLog log = JsonlLog.resume(file, 0);
        for (int step = 1; step <= 5; step++) {
            write(log, step);
        }
        Files.writeString(file, "{\"loss\": 1.0, \"glob", StandardOpenOption.APPEND);

        write(JsonlLog.resume(file, 3), 4);

        assertThat(Files.readAllLines(file))
                .extracting(line -> new ObjectMapper()
                        .readTree(line)
                        .get("global_step/max_steps")
                        .asText())
                .containsExactly("1/300", "2/300", "3/300", "4/300");
    }

    @Test
    void durationsLeaveLeadingZerosOut() {
        assertThat(Durations.text(5.4)).isEqualTo("5s");
        assertThat(Durations.text(3 * 3600 + 7)).isEqualTo("3h 0m 7s");
        assertThat(Durations.text(90_061)).isEqualTo("1d 1h 1m 1s");
    }

    private static void write(JsonlLog log, int step) {
        log.logged(
                new Progress(step, 300, step / 300.0, 2.5 * step),
                new StepReport(step, 300, 2, 1, 1e-4, 64, 2.5, 0.5, false),
                new Window(2, 4, 3, 4, 128, 5, 1, 0),
                new Reading(List.of(new RankFacts(3L << 30, 4L << 30, 2, 64, 5, 4)), 0.25));
    }
}
