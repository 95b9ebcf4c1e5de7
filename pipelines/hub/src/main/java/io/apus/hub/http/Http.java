package io.apus.hub.http;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * GET against one hub: redirects are followed by rule, and what identifies the user (the token) goes to the hub's own address only,
 * never to where it redirects.
 */
public final class Http {
    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_WORDS = 4096;

    private final HttpClient client;
    private final URI endpoint;
    private final Map<String, String> secrets;
    private final RedirectRule rule;
    private final Duration patience;
    private final RetryAfter retryAfter;

    /**
     * @param endpoint the hub's address
     * @param secrets headers for that address alone, e.g. Authorization
     * @param proxies which proxy to go through
     * @param patience how long to wait for headers, and for each next byte
     */
    public Http(
            URI endpoint,
            Map<String, String> secrets,
            RedirectRule rule,
            ProxySelector proxies,
            Duration patience,
            Clock clock) {
        this.endpoint = endpoint;
        this.secrets = Map.copyOf(secrets);
        this.rule = rule;
        this.patience = patience;
        this.retryAfter = new RetryAfter(clock);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(proxies)
                .connectTimeout(patience)
                .build();
    }

    /** Asks once; a status of 400 and more is a {@link StatusException}. */
    Reply open(URI address, Map<String, String> headers) throws IOException {
        URI at = address;
        HttpHeaders first = null;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<InputStream> response = send(at, headers);
            first = first == null ? response.headers() : first;
            String location = response.headers().firstValue("Location").orElse("");
            if (response.statusCode() / 100 == 3 && !location.isEmpty()) {
                response.body().close();
                at = rule.follow(at, location);
            } else if (response.statusCode() / 100 == 2) {
                InputStream body = new WatchedStream(response.body(), patience);
                return new Reply(response.statusCode(), first, response.headers(), body);
            } else {
                throw failure(at, response);
            }
        }
        throw new UserError(
                "Cannot download from " + endpoint.getHost(),
                "it redirects more than " + MOST_REDIRECTS + " times",
                "");
    }

    private HttpResponse<InputStream> send(URI at, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(patience);
        request.header("User-Agent", "apus").header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        if (Origin.of(at).equals(Origin.of(endpoint))) {
            secrets.forEach(request::header);
        }
        try {
            return client.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + at.getHost());
        }
    }

    private StatusException failure(URI at, HttpResponse<InputStream> response) throws IOException {
        HttpHeaders headers = response.headers();
        String said = headers.firstValue("X-Error-Message").orElse("");
        try (InputStream body = new WatchedStream(response.body(), patience)) {
            String text = new String(body.readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
            said = said.isEmpty() ? ErrorWords.of(text) : said;
        }
        return new StatusException(
                at,
                response.statusCode(),
                headers,
                ErrorWords.line(said),
                retryAfter.read(headers).orElse(null));
    }
}
