package io.apus.bench.train;

import io.apus.tensor.Torch;
import io.apus.train.log.ProcessMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The most memory that two training steps ever hold. Each measurement is a process of its own, because the allocator keeps what it once
 * had.
 */
final class PeakMemory {
    private static final String MARK = "peak-bytes=";
    private static final int STEPS = 2;

    private PeakMemory() {}

    /** Runs the steps in this process and prints its peak; arguments: size, tokens, true for checkpointing, threads. */
    public static void main(String[] arguments) {
        Torch.threads(Integer.parseInt(arguments[3]));
        try (TrainStep step = new TrainStep(ModelSize.named(arguments[0]), Integer.parseInt(arguments[1]))) {
            for (int i = 0; i < STEPS; i++) {
                step.whole(Boolean.parseBoolean(arguments[2]));
            }
        }
        System.out.println(MARK + ProcessMemory.peak());
    }

    /** Bytes, the virtual machine's own included. */
    static long of(String size, int tokens, boolean checkpointed, int threads) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("-Dorg.bytedeco."))
                .toList());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(
                PeakMemory.class.getName(),
                size,
                Integer.toString(tokens),
                Boolean.toString(checkpointed),
                Integer.toString(threads)));
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
