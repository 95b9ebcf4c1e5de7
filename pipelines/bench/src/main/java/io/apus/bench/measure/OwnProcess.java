package io.apus.bench.measure;

import io.apus.train.measure.ProcessMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Measures memory in a process of its own, because the allocator keeps what it once had. */
public final class OwnProcess {
    private static final String MARK = "measured=";

    private OwnProcess() {}

    /** What a measured main prints last. */
    public static void print(Number... numbers) {
        System.out.println(MARK + Arrays.stream(numbers).map(Number::toString).collect(Collectors.joining(",")));
    }

    /** The same of the most memory that its process ever held, in bytes. */
    public static void printPeak() {
        print(ProcessMemory.peak());
    }

    /** Runs {@code main}, which ends with {@link #printPeak}, and gives its peak in bytes, the virtual machine's own included. */
    public static long peak(Class<?> main, List<String> arguments) throws IOException {
        return (long) numbers(main, Map.of(), arguments)[0];
    }

    /** Runs {@code main}, which ends with {@link #print}, and gives its numbers; {@code environment} is added to this process's. */
    public static double[] numbers(Class<?> main, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("-Dorg.bytedeco."))
                .toList());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (BufferedReader lines = process.inputReader()) {
            String found = lines.lines()
                    .filter(line -> line.startsWith(MARK))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the process that measures " + arguments + " gave no result"));
            return Arrays.stream(found.substring(MARK.length()).split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } finally {
            process.destroy();
        }
    }
}
