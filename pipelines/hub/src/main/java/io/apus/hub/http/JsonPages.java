package io.apus.hub.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A hub's answers in JSON, of bounded size. */
public final class JsonPages {
    /** Bytes of one page. */
    private static final int LARGEST = 64 << 20;

    private static final Pattern LINK = Pattern.compile("<([^<>]*)>\\s*;[^,]*\\brel=\"?next\"?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Http http;
    private final URI endpoint;
    private final Retry retry;

    public JsonPages(Http http, URI endpoint, Retry retry) {
        this.http = http;
        this.endpoint = endpoint;
        this.retry = retry;
    }

    /**
     * One page.
     *
     * @param next where the header {@code Link} says that the listing goes on; always at the hub's own endpoint, as a mirror may repeat
     *     the address of the hub that it mirrors
     */
    public record Page(JsonNode json, Optional<String> next) {}

    /** Reads the page at {@code path}, which begins with {@code /} and may have a query. */
    public Page get(String path) throws IOException {
        return retry.call(() -> {
            try (Reply reply = http.open(URI.create(endpoint + path), Map.of("Accept", "application/json"))) {
                byte[] body = reply.body().readNBytes(LARGEST + 1);
                if (body.length > LARGEST) {
                    throw unusable("a listing of more than " + (LARGEST >> 20) + " MiB");
                }
                return new Page(parse(body), next(reply.headers()));
            }
        });
    }

    private JsonNode parse(byte[] body) throws IOException {
        try {
            JsonNode json = JSON.readTree(body);
            if (json != null && json.isContainerNode()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw unusable("something that is no JSON");
        }
        throw unusable("something that is no JSON");
    }

    private UserError unusable(String what) {
        return new UserError(
                "Cannot use " + endpoint.getHost(), "it answered " + what, "Check that the endpoint is a hub's.");
    }

    private static Optional<String> next(HttpHeaders headers) {
        Matcher link = LINK.matcher(headers.firstValue("Link").orElse(""));
        if (!link.find()) {
            return Optional.empty();
        }
        URI address = URI.create(link.group(1));
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        return Optional.of(address.getRawPath() + query);
    }
}
