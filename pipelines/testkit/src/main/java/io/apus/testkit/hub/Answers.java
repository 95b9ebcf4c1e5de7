package io.apus.testkit.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes answers, plain ones and faulty ones. */
final class Answers {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

    private Answers() {}

    static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, status, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    static void status(HttpExchange exchange, Fault.Status fault) throws IOException {
        if (!fault.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", fault.retryAfter());
        }
        exchange.sendResponseHeaders(fault.status(), -1);
        exchange.close();
    }

    /** The file, or the rest of it where a range is asked for and {@code ranges} are served. */
    static void bytes(HttpExchange exchange, byte[] all, boolean ranges) throws IOException {
        int from = ranges ? from(exchange) : 0;
        if (from > 0) {
            String range = "bytes " + from + "-" + (all.length - 1) + "/" + all.length;
            exchange.getResponseHeaders().set("Content-Range", range);
        }
        send(exchange, from > 0 ? 206 : 200, Arrays.copyOfRange(all, from, all.length));
    }

    static void cut(HttpExchange exchange, byte[] all, int after) throws IOException {
        int from = from(exchange);
        if (from > 0) {
            String range = "bytes " + from + "-" + (all.length - 1) + "/" + all.length;
            exchange.getResponseHeaders().set("Content-Range", range);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, all.length - from);
        OutputStream body = exchange.getResponseBody();
        body.write(all, from, Math.min(after, all.length - from));
        body.flush();
        exchange.close();
    }

    private static int from(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Range");
        Matcher range = RANGE.matcher(header == null ? "" : header);
        return range.matches() ? Integer.parseInt(range.group(1)) : 0;
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", "" + body.length);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
        exchange.close();
    }
}
