package io.apus.train.checkpoint;

import io.apus.schemas.UserError;
import io.apus.tensor.collective.Collectives;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lets all ranks fail together: what goes wrong on one is thrown on every one, in the same words. */
public final class Agreement {
    private static final byte[] WELL = {};
    private static final char USER = 'U';
    private static final char OTHER = 'O';

    private Agreement() {}

    /** What a rank does on its own. */
    public interface Work<T> {
        T get() throws IOException;
    }

    /**
     * Runs {@code work} on this rank; returns when it has succeeded on all, however long the slowest takes. Every rank calls it. Of the
     * collectives the work may use {@link Collectives#send} and {@link Collectives#receive} alone.
     */
    public static <T> T all(Collectives collectives, Work<T> work) {
        T result = null;
        Exception failure = null;
        try (LongWork together = LongWork.begin(collectives)) {
            try {
                result = work.get();
            } catch (IOException | RuntimeException e) {
                failure = e;
            }
        }
        require(collectives, Optional.ofNullable(failure));
        return result;
    }

    /** What {@code work} gives on rank 0, on every rank. */
    static byte[] first(Collectives collectives, Work<byte[]> work) {
        byte[] own = all(collectives, () -> collectives.rank() == 0 ? work.get() : WELL);
        return collectives.allGather(own).get(0);
    }

    /** Throws on every rank if {@code failure} is there on any. */
    static void require(Collectives collectives, Optional<? extends Exception> failure) {
        List<byte[]> told = collectives.allGather(
                failure.map(e -> tell(collectives.rank(), e)).orElse(WELL));
        Set<String> users = new LinkedHashSet<>();
        Set<String> others = new LinkedHashSet<>();
        for (byte[] one : told) {
            if (one.length > 0) {
                String line = new String(one, StandardCharsets.UTF_8);
                (line.charAt(0) == USER ? users : others).add(line.substring(1));
            }
        }
        if (users.isEmpty() && others.isEmpty()) {
            return;
        }
        RuntimeException thrown = others.isEmpty()
                ? UserError.ofLine(String.join(" ", users))
                : new UncheckedIOException(new IOException(String.join("; ", others)));
        failure.ifPresent(thrown::addSuppressed);
        throw thrown;
    }

    private static byte[] tell(int rank, Exception e) {
        String line = e instanceof UserError ? USER + e.getMessage() : OTHER + "rank " + rank + ": " + e.getMessage();
        return line.getBytes(StandardCharsets.UTF_8);
    }
}
