package io.apus.train.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process, native memory included, as Linux reports it; the Java heap alone where it does not. */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MACHINE = Path.of("/proc/meminfo");

    private ProcessMemory() {}

    /** Bytes that lie in memory now. */
    public static long resident() {
        return field("VmRSS:");
    }

    /** The most bytes that ever lay in memory at once. */
    public static long peak() {
        return field("VmHWM:");
    }

    /** Bytes that this machine could still give to processes. */
    public static long available() {
        return field(MACHINE, "MemAvailable:");
    }

    private static long field(String name) {
        return field(STATUS, name);
    }

    private static long field(Path file, String name) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(name)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException e) {
            return Runtime.getRuntime().totalMemory();
        }
        return Runtime.getRuntime().totalMemory();
    }
}
