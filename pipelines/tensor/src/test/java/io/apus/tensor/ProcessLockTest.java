package io.apus.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several JVMs enter the same work again and again; a file that each makes and deletes inside shows whether two were in at once. */
class ProcessLockTest {
    private static final int PROCESSES = 3;
    private static final int ROUNDS = 300;

    @TempDir
    Path folder;

    @Test
    void oneProcessAtATime() throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Contender.class.getName(),
                            folder.toString())
                    .inheritIO()
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        assertThat(Files.size(folder.resolve("rounds"))).isEqualTo(PROCESSES * ROUNDS);
    }

    /** One of the processes: ends with an error when it meets another inside. */
    static final class Contender {
        private Contender() {}

        public static void main(String[] args) {
            Path folder = Path.of(args[0]);
            for (int round = 0; round < ROUNDS; round++) {
                ProcessLock.hold(folder.resolve("lock"), () -> enter(folder));
            }
        }

        private static void enter(Path folder) {
            try {
                Path inside = Files.createFile(folder.resolve("inside"));
                Path rounds = folder.resolve("rounds");
                byte[] before = Files.exists(rounds) ? Files.readAllBytes(rounds) : new byte[0];
                Files.write(rounds, new byte[before.length + 1]);
                Files.delete(inside);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
