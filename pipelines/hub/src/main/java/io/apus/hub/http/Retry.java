package io.apus.hub.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Tries again after what may pass: connections refused, cut or silent, and the statuses 408, 429, 500, 502, 503, 504. Waits 1, 2, 4, ...
 * seconds, at most 60, or as long as {@code Retry-After} asks for, at most 5 minutes.
 */
public final class Retry {
    private static final int TRIES = 6;
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

    private final Sleeper sleeper;

    public Retry(Sleeper sleeper) {
        this.sleeper = sleeper;
    }

    /** Something that a hub is asked for. */
    @FunctionalInterface
    public interface Attempt<T> {
        T run() throws IOException;
    }

    /** Runs {@code attempt} until it succeeds, fails for good, or has failed too often. */
    public <T> T call(Attempt<T> attempt) throws IOException {
        Budget budget = budget();
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                budget.failed(e);
            }
        }
    }

    Budget budget() {
        return new Budget();
    }

    /** The tries left for one piece of work. */
    final class Budget {
        private int failures;

        /** Much was received since the last failure: the count starts again. */
        void progressed() {
            failures = 0;
        }

        /** Waits before the next try, or throws {@code e} when there is none. */
        void failed(IOException e) throws IOException {
            failures++;
            if (failures >= TRIES || !mayPass(e)) {
                throw e;
            }
            sleeper.sleep(pause(e));
        }

        private Duration pause(IOException e) {
            Duration own = shorter(Duration.ofSeconds(1L << (failures - 1)), LONGEST);
            return e instanceof StatusException status
                    ? status.retryAfter()
                            .map(asked -> shorter(asked, LONGEST_ASKED))
                            .orElse(own)
                    : own;
        }
    }

    private static boolean mayPass(IOException e) {
        if (e instanceof StatusException status) {
            return status.mayPass();
        }
        return !(e instanceof InterruptedIOException);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
