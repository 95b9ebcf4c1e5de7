package io.apus.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkLogStoreTest {
    private static final int WRITERS = 4;

    @TempDir
    Path folder;

    @Test
    void ofWritersThatCommitTheSameVersionExactlyOneWins() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            for (int version = 0; version < 100; version++) {
                Path file = folder.resolve(version + ".json");
                List<Callable<Integer>> writers = new ArrayList<>();
                for (int writer = 0; writer < WRITERS; writer++) {
                    int own = writer;
                    writers.add(() -> commit(file, own));
                }
                int winner = -1;
                for (Future<Integer> won : threads.invokeAll(writers)) {
                    if (won.get() >= 0) {
                        assertThat(winner).as("winner of version " + version).isNegative();
                        winner = won.get();
                    }
                }
                assertThat(Files.readString(file)).isEqualTo("writer " + winner + "\nends\n");
            }
        } finally {
            threads.shutdownNow();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).hasSize(100);
        }
    }

    @Test
    void aCheckpointPointerIsReplaced() throws IOException {
        Path file = folder.resolve("_last_checkpoint");
        LinkLogStore store = new LinkLogStore(new Configuration());
        for (String text : List.of("1", "2")) {
            store.write(
                    new org.apache.hadoop.fs.Path(file.toUri()), List.of(text).iterator(), true, new Configuration());
        }

        assertThat(Files.readString(file)).isEqualTo("2\n");
    }

    /** The writer if its commit won, else -1. */
    private static int commit(Path file, int writer) throws IOException {
        try {
            new LinkLogStore(new Configuration())
                    .write(
                            new org.apache.hadoop.fs.Path(file.toUri()),
                            List.of("writer " + writer, "ends").iterator(),
                            false,
                            new Configuration());
            return writer;
        } catch (FileAlreadyExistsException e) {
            return -1;
        }
    }
}
