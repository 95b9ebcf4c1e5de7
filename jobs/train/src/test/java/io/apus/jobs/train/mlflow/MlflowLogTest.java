package io.apus.jobs.train.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MlflowLogTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    private MlflowLog open(String uri, Map<String, String> more) {
        Map<String, String> env = new HashMap<>(Map.of("MLFLOW_TRACKING_URI", uri));
        env.putAll(more);
        Map<String, String> options = Map.of("train.optim", "adamw_torch", "model.model", "x".repeat(900));
        RunIdFile file = new RunIdFile(folder.resolve("mlflow.json"));
        return MlflowLog.open(MlflowSettings.of(env), file, "out", options, TIMEOUT, Duration.ofSeconds(20));
    }

    private static String line(String type, int step, String more) {
        return "{\"type\":\"" + type + "\",\"global_step/max_steps\":\"" + step + "/9\"," + more + "}";
    }

    @Test
    void aRunIsMadeFilledAndEnded() throws IOException {
        try (TrackingServer server = new TrackingServer()) {
            try (MlflowLog log = open(
                    server.uri() + "/", Map.of("MLFLOW_EXPERIMENT_NAME", "mine", "MLFLOW_TRACKING_TOKEN", "key"))) {
                log.report(0, "{\"type\":\"step\",\"step\":1,\"loss\":9}");
                log.report(
                        0,
                        line(
                                "log",
                                1,
                                "\"loss\":2.5,\"grad_norm\":\"NaN\",\"memory(GiB)\":1,\"ranks\":[{\"rank\":0}]"));
                log.report(0, line("evaluation", 2, "\"eval_loss\":1.5"));
                log.report(0, line("ended", 9, "\"train_loss\":2"));
            }

            assertThat(server.paths())
                    .startsWith("experiments/get-by-name", "experiments/create", "runs/create", "runs/log-batch")
                    .endsWith("runs/update");
            JsonNode made = server.requests("runs/create").get(0).body();
            assertThat(made.get("experiment_id").asText()).isEqualTo("17");
            assertThat(made.get("run_name").asText()).isEqualTo("out");
            assertThat(server.requests("runs/create").get(0).authorization()).isEqualTo("Bearer key");
            assertThat(metrics(server))
                    .containsExactly("loss 2.5 @1", "memory_GiB_ 1.0 @1", "eval_loss 1.5 @2", "train_loss 2.0 @9");
            JsonNode parameters =
                    server.requests("runs/log-batch").get(0).body().get("params");
            assertThat(parameters)
                    .hasSize(2)
                    .allSatisfy(one -> assertThat(one.get("value").asText()).hasSizeLessThanOrEqualTo(500));
            assertThat(status(server)).isEqualTo("FINISHED");
            assertThat(Files.readString(folder.resolve("mlflow.json"))).contains("run-a");

            try (MlflowLog again = open(server.uri(), Map.of())) {
                again.failed();
            }
            assertThat(server.requests("runs/create")).hasSize(1);
            assertThat(status(server)).isEqualTo("FAILED");

            try (MlflowLog silent = open(server.uri(), Map.of())) {
                silent.ended();
            }
            assertThat(status(server)).isEqualTo("FINISHED");
        }
    }

    @Test
    void whatAServerMissedIsSentWhenItAnswersAgain() throws IOException {
        try (TrackingServer server = new TrackingServer()) {
            server.refuse(3);
            try (MlflowLog log = open(server.uri(), Map.of())) {
                for (int step = 1; step <= 2500; step++) {
                    log.report(0, line("log", step, "\"loss\":" + step));
                }
                awaitRequest(server);
            }

            assertThat(metrics(server)).hasSize(2500).startsWith("loss 1.0 @1").endsWith("loss 2500.0 @2500");
            assertThat(server.requests("runs/log-batch"))
                    .allSatisfy(batch ->
                            assertThat(batch.body().path("metrics").size()).isLessThanOrEqualTo(1000));
            assertThat(status(server)).isEqualTo("KILLED");
        }
    }

    private static void awaitRequest(TrackingServer server) {
        while (server.paths().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aServerThatIsNotThereCostsNothing() throws IOException {
        String gone;
        try (TrackingServer server = new TrackingServer()) {
            gone = server.uri();
        }

        long start = System.nanoTime();
        try (MlflowLog log = open(gone, Map.of())) {
            for (int step = 1; step <= 30_000; step++) {
                log.report(0, line("log", step, "\"loss\":1"));
            }
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(2));
    }

    @Test
    void aServerThatNobodyNamedIsTheUsersError() {
        assertThatThrownBy(() -> MlflowSettings.of(Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("MLFLOW_TRACKING_URI is not set");
        for (String wrong : List.of("databricks", "file:/runs", "sqlite:///a.db", "http://", "http://a b")) {
            assertThatThrownBy(() -> MlflowSettings.of(Map.of("MLFLOW_TRACKING_URI", wrong)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("http:// or https://");
        }
        assertThat(MlflowSettings.of(Map.of(
                        "MLFLOW_TRACKING_URI", "https://host/mlflow//",
                        "MLFLOW_TRACKING_USERNAME", "me",
                        "MLFLOW_TRACKING_PASSWORD", "secret")))
                .satisfies(settings -> {
                    assertThat(settings.server()).isEqualTo("https://host/mlflow");
                    assertThat(settings.authorization()).contains("Basic bWU6c2VjcmV0");
                });
    }

    private static List<String> metrics(TrackingServer server) {
        List<String> metrics = new ArrayList<>();
        for (TrackingServer.Request request : server.requests("runs/log-batch")) {
            for (JsonNode metric : request.body().path("metrics")) {
                metrics.add(
                        metric.get("key").asText() + " " + metric.get("value").asDouble() + " @"
                                + metric.get("step").asLong());
            }
        }
        return metrics;
    }

    private static String status(TrackingServer server) {
        List<TrackingServer.Request> updates = server.requests("runs/update");
        return updates.get(updates.size() - 1).body().get("status").asText();
    }
}
