package io.apus.jobs.train.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The few calls of MLflow's REST API 2.0 that a training run needs (mlflow.org/docs, REST API). */
final class MlflowClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFAULT_EXPERIMENT = "0";
    /** No request may have more parameters, and no value more characters on every store of MLflow. */
    private static final int PARAMETERS = 100;

    private static final int LONGEST_VALUE = 500;

    private final MlflowSettings settings;
    private final Duration timeout;
    private final HttpClient http;

    MlflowClient(MlflowSettings settings, Duration timeout) {
        this.settings = settings;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder().connectTimeout(timeout).build();
    }

    /** Makes a run in the experiment that is asked for, which is made if it is not there; returns its id. */
    String create(String name, Map<String, String> parameters) throws IOException, InterruptedException {
        JsonNode answer = post(
                "runs/create",
                Map.of(
                        "experiment_id",
                        experiment(),
                        "start_time",
                        System.currentTimeMillis(),
                        "run_name",
                        name,
                        "tags",
                        List.of(
                                Map.of("key", "mlflow.runName", "value", name),
                                Map.of("key", "mlflow.source.name", "value", "apus"))));
        String run = answer.path("run").path("info").path("run_id").asText();
        if (run.isEmpty()) {
            throw new IOException("runs/create answered without a run_id");
        }
        List<Map<String, String>> all = new ArrayList<>();
        parameters.forEach((key, value) -> all.add(
                Map.of("key", clean(key), "value", value.substring(0, Math.min(LONGEST_VALUE, value.length())))));
        for (int from = 0; from < all.size(); from += PARAMETERS) {
            post(
                    "runs/log-batch",
                    Map.of("run_id", run, "params", all.subList(from, Math.min(all.size(), from + PARAMETERS))));
        }
        return run;
    }

    private String experiment() throws IOException, InterruptedException {
        if (settings.experiment().isEmpty()) {
            return DEFAULT_EXPERIMENT;
        }
        String name = settings.experiment().get();
        HttpResponse<String> found = send(
                request("experiments/get-by-name?experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .GET());
        JsonNode answer = found.statusCode() == 404
                ? post("experiments/create", Map.of("name", name))
                : content(found).path("experiment");
        return answer.path("experiment_id").asText();
    }

    /** Says that a run which ended before goes on. */
    void running(String run) throws IOException, InterruptedException {
        post("runs/update", Map.of("run_id", run, "status", "RUNNING"));
    }

    /** @param metrics at most 1000 */
    void log(String run, List<Metric> metrics) throws IOException, InterruptedException {
        post("runs/log-batch", Map.of("run_id", run, "metrics", metrics));
    }

    /** @param status FINISHED, FAILED or KILLED */
    void ended(String run, String status) throws IOException, InterruptedException {
        post("runs/update", Map.of("run_id", run, "status", status, "end_time", System.currentTimeMillis()));
    }

    /** A name as MLflow takes it: other characters become underscores. */
    static String clean(String name) {
        return name.replaceAll("[^0-9A-Za-z_. :/-]", "_");
    }

    private JsonNode post(String path, Map<String, Object> body) throws IOException, InterruptedException {
        return content(send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.server() + "/api/2.0/mlflow/" + path))
                .timeout(timeout);
        settings.authorization().ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode content(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != 200) {
            String text = answer.body().strip();
            throw new IOException(
                    "HTTP status " + answer.statusCode() + " " + text.substring(0, Math.min(200, text.length())));
        }
        return JSON.readTree(answer.body());
    }
}
