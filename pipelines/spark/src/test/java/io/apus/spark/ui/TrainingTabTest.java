package io.apus.spark.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.spark.barrier.OwnSession;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.deploy.history.FsHistoryProvider;
import org.apache.spark.deploy.history.HistoryServer;
import org.apache.spark.deploy.history.HistoryServer$;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One application whose ranks report: its pages and metrics while it runs, and what a history server shows of it afterwards. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrainingTabTest {
    private static final String HOSTILE = "models/<script>alert('x')</script>&\"";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    /** Written beside the training, which has gone on by the time that it is reported. */
    private static final String CHECKPOINT = "{\"type\":\"checkpoint\",\"step\":30,\"path\":\"step-30\"}";

    @TempDir
    static Path folder;

    private static final AtomicLong CLOCK = new AtomicLong();
    private static SparkContext context;
    private static String id;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectories(folder.resolve("events"));
        context = OwnSession.open(Map.of(
                        "spark.master", "local[1]",
                        "spark.app.name", "pages",
                        "spark.ui.port", "0",
                        "spark.driver.host", "127.0.0.1",
                        "spark.driver.bindAddress", "127.0.0.1",
                        "spark.eventLog.enabled", "true",
                        "spark.eventLog.dir", folder.resolve("events").toUri().toString(),
                        "spark.metrics.namespace", "apus",
                        "spark.metrics.conf.driver.sink.prometheusServlet.class",
                                "org.apache.spark.metrics.sink.PrometheusServlet",
                        "spark.metrics.conf.driver.sink.prometheusServlet.path", "/metrics/prometheus"))
                .sparkContext();
        id = context.applicationId();
    }

    @AfterAll
    static void stop() {
        context.stop();
    }

    private static String line(String type, int step, String more) {
        return "{\"type\":\"" + type + "\",\"global_step/max_steps\":\"" + step + "/2000\"," + more + "}";
    }

    private static String log(int step) {
        return line(
                "log",
                step,
                "\"loss\":" + 4.0 / step + ",\"grad_norm\":\"NaN\",\"learning_rate\":1e-4,\"epoch\":0.5,"
                        + "\"remaining_time\":\"<b>1m</b>\",\"tokens_per_second\":3000,\"ranks\":["
                        + "{\"rank\":0,\"memory_bytes\":1073741824,\"peak_memory_bytes\":2147483648,"
                        + "\"tokens_per_second\":1600,\"step_seconds\":0.5,\"busy_seconds\":0.45},"
                        + "{\"rank\":1,\"memory_bytes\":3221225472,\"peak_memory_bytes\":3221225472,"
                        + "\"tokens_per_second\":1400,\"step_seconds\":0.5,\"busy_seconds\":0.4}]");
    }

    @Test
    @Order(1)
    void theDriversPagesShowARunWhileItRuns() throws Exception {
        TrainingFeed feed = TrainingFeed.open(context, Map.of("model", HOSTILE), CLOCK::get);
        feed.report(0, "{\"type\":\"started\",\"step\":0,\"max_steps\":2000,\"world_size\":2}");
        for (int step = 1; step <= 40; step++) {
            CLOCK.addAndGet(TimeUnit.SECONDS.toNanos(2));
            feed.report(0, "{\"type\":\"step\",\"step\":" + step + ",\"loss\":1}");
            feed.report(0, log(step));
        }
        feed.report(0, line("evaluation", 40, "\"eval_loss\":1.25"));
        feed.report(0, CHECKPOINT);
        context.listenerBus().waitUntilEmpty();

        String page = page(context.uiWebUrl().get() + "/training/");
        looksLikeTheRun(page);
        assertThat(page).contains("http-equiv=\"refresh\"", ">running<", "step <strong>40</strong> of 2000 (2%)");
        assertThat(page(context.uiWebUrl().get() + "/jobs/")).contains("/training/");
        JsonNode json = new ObjectMapper().readTree(page(context.uiWebUrl().get() + "/training/json"));
        assertThat(json.get("curves").get("loss").get("values")).hasSize(40);
        assertThat(json.get("facts").get("model").asText()).isEqualTo(HOSTILE);

        feed.retried(1, "executor 7");
        feed.report(0, "{\"type\":\"resumed\",\"step\":30,\"max_steps\":2000,\"world_size\":2}");
        feed.report(0, log(31));
        feed.report(0, line("ended", 2000, "\"train_loss\":0.5"));
        feed.report(0, CHECKPOINT);
        feed.close();
        context.listenerBus().waitUntilEmpty();
        assertThat(page(context.uiWebUrl().get() + "/training/"))
                .contains(">ended<", "2 (an executor was lost)")
                .doesNotContain("http-equiv=\"refresh\"");
    }

    private static void looksLikeTheRun(String page) {
        assertThat(page)
                .contains("models/&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;")
                .doesNotContain("<script>alert", "<b>1m")
                .contains("<title>Loss</title>", "<title>Learning rate</title>", "<title>Tokens per second</title>")
                .doesNotContain("<title>Gradient norm</title>")
                .contains("evaluation 1.25", "<td>1 GiB</td><td>2 GiB</td><td>1600</td><td>0.5 s</td>")
                .contains("<td>90%</td>", "<td>80%</td>");
    }

    @Test
    @Order(2)
    void sinksOfSparksMetricsSeeTheNewestNumbers() throws Exception {
        String metrics = page(context.uiWebUrl().get() + "/metrics/prometheus/");

        assertThat(metrics.lines().filter(line -> line.contains("driver_training_")))
                .contains(
                        "metrics_apus_driver_training_learning_rate_Value{type=\"gauges\"} 1.0E-4",
                        "metrics_apus_driver_training_eval_loss_Value{type=\"gauges\"} 1.25",
                        "metrics_apus_driver_training_step_Value{type=\"gauges\"} 2000.0",
                        "metrics_apus_driver_training_max_steps_Value{type=\"gauges\"} 2000.0",
                        "metrics_apus_driver_training_attempts_Value{type=\"gauges\"} 2.0",
                        "metrics_apus_driver_training_rank_1_memory_bytes_Value{type=\"gauges\"} 3.221225472E9")
                .noneMatch(line -> line.contains("grad_norm"));
    }

    @Test
    @Order(3)
    void linesAreThinnedAndARunThatNeverEndsIsSaidToBeStopped() throws Exception {
        TrainingFeed silent = TrainingFeed.open(context, Map.of("name", "without the plugin"), CLOCK::get);
        silent.ended();
        silent.close();
        context.listenerBus().waitUntilEmpty();
        assertThat(page(context.uiWebUrl().get() + "/training/json")).contains("\"state\":\"ended\"");

        TrainingFeed feed = TrainingFeed.open(context, Map.of("name", "second"), CLOCK::get);
        for (int step = 1; step <= 100; step++) {
            CLOCK.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            feed.report(0, log(step));
        }
        feed.close();
        context.listenerBus().waitUntilEmpty();

        String page = page(context.uiWebUrl().get() + "/training/");
        assertThat(page).contains(">second</a>", ">run 1</a>", ">stopped<", "step <strong>100</strong>");
        JsonNode json = new ObjectMapper().readTree(page(context.uiWebUrl().get() + "/training/json"));
        assertThat(json.get("curves").get("loss").get("values")).hasSizeBetween(10, 12);
    }

    @Test
    @Order(4)
    void aHistoryServerShowsTheRunsOfItsEventLog() throws Exception {
        TrainingFeed.open(context, Map.of("name", "third"), CLOCK::get).report(0, log(1));
        context.stop();
        try (Stream<Path> logs = Files.list(folder.resolve("events"))) {
            assertThat(Files.readString(logs.findFirst().orElseThrow())).contains("io.apus.spark.ui.TrainingEvent");
        }
        Files.createDirectories(folder.resolve("store"));
        SparkConf conf = new SparkConf(false)
                .set(
                        "spark.history.fs.logDirectory",
                        folder.resolve("events").toUri().toString())
                .set("spark.history.store.path", folder.resolve("store").toString())
                .set("spark.history.ui.port", "0");
        FsHistoryProvider provider = new FsHistoryProvider(conf);
        HistoryServer server = new HistoryServer(conf, provider, HistoryServer$.MODULE$.createSecurityManager(conf), 0);
        server.bind();
        try {
            provider.start();
            String base = "http://127.0.0.1:" + server.boundPort() + "/history/" + id + "/training/";
            String last = awaitPage(base);

            assertThat(last).contains(">third</a>", ">stopped<").doesNotContain("http-equiv=\"refresh\"");
            String first =
                    new ObjectMapper().readTree(page(base + "json")).get("run").asText();
            assertThat(first).startsWith("training-");
            looksLikeTheRun(page(base + href(last, "run 1")));
        } finally {
            server.stop();
        }
    }

    /** The target of the link that is called {@code name}. */
    private static String href(String page, String name) {
        String before = page.substring(0, page.indexOf(">" + name + "<"));
        String link = before.substring(before.lastIndexOf("href=\"") + "href=\"".length());
        return link.substring(0, link.length() - 1);
    }

    /** The server reads its folder in the background. */
    private static String awaitPage(String url) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            HttpResponse<String> answer = get(url);
            if (answer.statusCode() == 200 && answer.body().contains("Ranks")) {
                return answer.body();
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no page at " + url + ": " + get(url).body());
    }

    private static String page(String url) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(url);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
