package io.apus.hub.http;

import java.io.InterruptedIOException;
import java.time.Duration;

/** How a retry waits; a test passes one that only writes down for how long. */
@FunctionalInterface
public interface Sleeper {
    void sleep(Duration time) throws InterruptedIOException;

    /** Really waits. */
    static Sleeper real() {
        return time -> {
            try {
                Thread.sleep(time.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting to try again");
            }
        };
    }
}
