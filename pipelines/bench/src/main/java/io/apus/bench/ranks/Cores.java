package io.apus.bench.ranks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The processor cores that this process may use, by Linux's numbers (proc(5), Cpus_allowed_list). */
final class Cores {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "Cpus_allowed_list:";

    private Cores() {}

    /** Their numbers, in order; none on a system other than Linux, where no process can be bound to one. */
    static List<Integer> allowed() {
        if (!Files.exists(STATUS)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(FIELD))
                    .flatMapToInt(line -> numbers(line.substring(FIELD.length()).strip()))
                    .boxed()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STATUS, e);
        }
    }

    /** What a list such as {@code 0-2,5} names. */
    static IntStream numbers(String list) {
        return Stream.of(list.split(",")).flatMapToInt(part -> {
            String[] ends = part.split("-", -1);
            return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
        });
    }
}
