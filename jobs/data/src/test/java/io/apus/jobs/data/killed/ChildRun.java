package io.apus.jobs.data.killed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A {@link RunChild} as its parent sees it. */
final class ChildRun implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private ChildRun(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts the stages of {@code file}; the process waits at the phase {@code held}, which may be empty. */
    static ChildRun start(Path file, String held) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx700m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(RunChild.class.getName(), file.toString(), held));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return new ChildRun(builder.start());
    }

    /** Waits until the phase begins; fails when the process ends before. */
    void await(String phase) throws IOException {
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals(RunChild.PHASE + phase)) {
                return;
            }
            said.add(line);
        }
        throw new IllegalStateException(
                "the run ended before the phase \"" + phase + "\":\n" + String.join("\n", said));
    }

    /** Ends the process as a power cut does: no hook and no finally block runs. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for the end of a process that is not held. */
    int end() throws IOException, InterruptedException {
        String rest = output.lines().collect(Collectors.joining("\n"));
        int code = process.waitFor();
        if (code != 0) {
            System.err.println(rest);
        }
        return code;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
