package io.apus.bench.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a reader must know of the machine to judge a number measured on it. */
final class Machine {
    private static final Path CPU = Path.of("/proc/cpuinfo");

    private Machine() {}

    static Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("processor", processor());
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("java", Runtime.version().toString());
        facts.put("heap_mb", Runtime.getRuntime().maxMemory() >> 20);
        facts.put("OMP_NUM_THREADS", environment("OMP_NUM_THREADS"));
        facts.put("OPENBLAS_NUM_THREADS", environment("OPENBLAS_NUM_THREADS"));
        facts.put("RAYON_NUM_THREADS", environment("RAYON_NUM_THREADS"));
        return facts;
    }

    /** Processes that wanted to run over the last minute: more than the cores means the numbers are not to be trusted. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        return value == null ? "unset" : value;
    }

    private static String processor() {
        try {
            for (String line : Files.readAllLines(CPU)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
        return System.getProperty("os.arch");
    }
}
