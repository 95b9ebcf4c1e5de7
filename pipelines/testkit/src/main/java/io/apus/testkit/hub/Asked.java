package io.apus.testkit.hub;

import com.sun.net.httpserver.HttpExchange;

/**
 * A request that a {@link LoopbackHub} received.
 *
 * @param files whether it came to the second address, which serves large files
 * @param path with the query, percent-encoded as it came
 * @param authorization the header, or empty
 * @param cookie the header, or empty
 * @param range the header, or empty
 */
public record Asked(boolean files, String path, String authorization, String cookie, String range) {
    static Asked of(boolean files, HttpExchange exchange) {
        return new Asked(
                files,
                exchange.getRequestURI().toString(),
                header(exchange, "Authorization"),
                header(exchange, "Cookie"),
                header(exchange, "Range"));
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }
}
