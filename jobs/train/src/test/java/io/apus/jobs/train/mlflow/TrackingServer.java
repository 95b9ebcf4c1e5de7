package io.apus.jobs.train.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of MLflow's tracking server as a run meets, on the loopback address. */
final class TrackingServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer http;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();

    /** What was asked: the path behind {@code /api/2.0/mlflow/}, the Authorization header, the body. */
    record Request(String path, String authorization, JsonNode body) {}

    TrackingServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    String uri() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Answers the next {@code count} requests with an error. */
    void refuse(int count) {
        refusals.set(count);
    }

    List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    List<String> paths() {
        return requests.stream().map(Request::path).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replace("/api/2.0/mlflow/", "");
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            reply(exchange, 503, "busy");
            return;
        }
        String authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        requests.add(new Request(path, authorization, JSON.readTree(body)));
        switch (path) {
            case "experiments/get-by-name" ->
                reply(
                        exchange,
                        404,
                        "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"no such experiment\"}");
            case "experiments/create" -> reply(exchange, 200, "{\"experiment_id\": \"17\"}");
            case "runs/create" -> reply(exchange, 200, "{\"run\": {\"info\": {\"run_id\": \"run-a\"}}}");
            default -> reply(exchange, 200, "{}");
        }
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
