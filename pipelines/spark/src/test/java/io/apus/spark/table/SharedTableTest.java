package io.apus.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.spark.LocalSpark;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes append to one table, and both land. */
class SharedTableTest {
    private static final int BATCHES = 6;

    @TempDir
    Path folder;

    @Test
    void whatTwoProcessesAppendAtTheSameTimeIsAllThereOnce() throws Exception {
        Path table = folder.resolve("shared");
        List<Process> writers = List.of(start(table, "one"), start(table, "two"));
        try {
            for (Process writer : writers) {
                awaitReady(writer);
            }
            for (Process writer : writers) {
                writer.getOutputStream().write('\n');
                writer.getOutputStream().flush();
            }
            for (Process writer : writers) {
                String rest = writer.inputReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining("\n"));
                assertThat(writer.waitFor()).as(rest).isZero();
            }
        } finally {
            writers.forEach(Process::destroyForcibly);
        }
        AppendChild.append(table, "two", BATCHES);

        assertThat(LocalSpark.session()
                        .sql("SELECT dataset, row FROM delta.`" + table + "`")
                        .collectAsList())
                .extracting(row -> row.getString(0) + row.getLong(1))
                .hasSize(2 * BATCHES)
                .doesNotHaveDuplicates();
    }

    private static Process start(Path table, String name) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx500m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(AppendChild.class.getName(), table.toString(), name, Integer.toString(BATCHES)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return builder.start();
    }

    private static void awaitReady(Process writer) throws IOException {
        BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(AppendChild.READY)) {
                return;
            }
            said.append(line).append('\n');
        }
        throw new IllegalStateException("the writer ended:\n" + said);
    }
}
