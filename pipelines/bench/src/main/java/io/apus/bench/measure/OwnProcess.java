package io.apus.bench.measure;

import io.apus.train.measure.ProcessMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures memory in a process of its own, because the allocator keeps what it once had. */
public final class OwnProcess {
    private static final String MARK = "peak-bytes=";

    private OwnProcess() {}

    /** What a measured main prints last: the most memory that its process ever held. */
    public static void printPeak() {
        System.out.println(MARK + ProcessMemory.peak());
    }

    /** Runs {@code main}, which ends with {@link #printPeak}, and gives its peak in bytes, the virtual machine's own included. */
    public static long peak(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("-Dorg.bytedeco."))
                .toList());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            return lines.lines()
                    .filter(line -> line.startsWith(MARK))
                    .mapToLong(line -> Long.parseLong(line.substring(MARK.length())))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the process that measures memory ended without a result"));
        } finally {
            process.destroy();
        }
    }
}
