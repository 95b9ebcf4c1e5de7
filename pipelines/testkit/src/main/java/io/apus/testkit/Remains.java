package io.apus.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What ranks must not leave behind in the process that they ran in. */
public final class Remains {
    private static final String LISTENS = "0A";

    private Remains() {}

    /** Threads of ranks and of their meetings, and the files that their groups met through. */
    public static List<String> ofRanks() {
        List<String> remains = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("rank-\\d+|apus-.*")) {
                remains.add("thread " + thread.getName());
            }
        }
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(
                            "apus-group-" + ProcessHandle.current().pid() + "-"))
                    .forEach(name -> remains.add("file " + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return remains;
    }

    /** The addresses, as Linux writes them, at which this process listens. */
    public static Set<String> listening() {
        Set<String> listening = new TreeSet<>();
        try {
            Set<String> own = descriptors();
            for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                for (String line : Files.readAllLines(Path.of(table))) {
                    List<String> field = List.of(line.trim().split("\\s+", -1));
                    if (field.get(3).equals(LISTENS) && own.contains("socket:[" + field.get(9) + "]")) {
                        listening.add(field.get(1));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return listening;
    }

    private static Set<String> descriptors() throws IOException {
        Set<String> open = new TreeSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        return open;
    }
}
