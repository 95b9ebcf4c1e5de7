package io.apus.hub.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The hub answered, with an error. */
public final class StatusException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

    private final int status;
    private final String code;
    private final String said;
    private final Duration retryAfter;

    StatusException(URI address, int status, HttpHeaders headers, String said, Duration retryAfter) {
        super(address.getHost() + " answered " + status + (said.isEmpty() ? "" : " (" + said + ")"));
        this.status = status;
        this.code = headers.firstValue("X-Error-Code").orElse("");
        this.said = said;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    /** Hugging Face's {@code X-Error-Code}, e.g. {@code GatedRepo}, {@code RevisionNotFound}; or empty. */
    public String code() {
        return code;
    }

    /** The hub's own words, one line, or empty. */
    public String said() {
        return said;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    boolean mayPass() {
        return PASSING.contains(status);
    }
}
