package io.apus.train.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Collects the ranks' stack traces of a stall in one file, {@code stall-after-step-N-....txt}. */
public final class StallFiles {
    private final Path folder;
    private final Map<Integer, Path> files = new HashMap<>();

    public StallFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Takes a message of the type {@link Watchdog#TYPE}.
     *
     * @return what to tell the user, when this is the first rank that reports this stall
     */
    public synchronized Optional<String> accept(JsonNode message) {
        int step = message.path("step").asInt();
        boolean first = !files.containsKey(step);
        Path file = files.computeIfAbsent(step, this::begin);
        append(file, section(message));
        return first ? Optional.of(words(step, message.path("seconds").asLong(), file)) : Optional.empty();
    }

    /** After all ranks were started again, the same step may stall anew. */
    public synchronized void startedAgain() {
        files.clear();
    }

    private static String words(int step, long seconds, Path file) {
        return "no step has ended for " + seconds + " s, the last one was step " + step + "; where the ranks stand: "
                + file;
    }

    private Path begin(int step) {
        Instant now = Instant.now();
        Path file = folder.resolve("stall-after-step-" + step + "-" + now.toEpochMilli() + ".txt");
        append(
                file,
                now + ": no step has ended for too long, the last one was step " + step + ".\n"
                        + "A rank that is missing below could not answer: its process is stopped, lost or swapped out.\n");
        return file;
    }

    private static String section(JsonNode message) {
        return "\n==== rank " + message.path("rank").asInt() + ", "
                + message.path("seconds").asLong() + " s after step "
                + message.path("step").asInt() + " ====\n\n"
                + message.path("stacks").asText();
    }

    private static void append(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep stack traces in " + file, e);
        }
    }
}
