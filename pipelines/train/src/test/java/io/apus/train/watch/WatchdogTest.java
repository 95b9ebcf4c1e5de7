package io.apus.train.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.train.loop.Saving;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WatchdogTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void theWatchedThreadsStackIsToldWhereNoStepEnds() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (Watchdog dog = Watchdog.start(Duration.ofMillis(50), 3, 7, told::add)) {
            JsonNode message = JSON.readTree(waitForIt(told));

            assertThat(message.get("type").asText()).isEqualTo(Watchdog.TYPE);
            assertThat(message.get("rank").asInt()).isEqualTo(3);
            assertThat(message.get("step").asInt()).isEqualTo(7);
            assertThat(message.get("stacks").asText())
                    .startsWith("\"" + Thread.currentThread().getName() + "\"")
                    .contains("WatchdogTest.waitForIt");

            dog.saved(new Saving.Saved(8, folder.toString()));
            assertThat(JSON.readTree(waitForIt(told)).get("step").asInt()).isEqualTo(8);
        }
    }

    private static String waitForIt(BlockingQueue<String> told) throws InterruptedException {
        return told.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void allRanksOfAStallGoIntoOneFileAndTheUserHearsItOnce() throws Exception {
        StallFiles files = new StallFiles(folder.resolve("logs"));

        assertThat(files.accept(message(1, 7))).hasValueSatisfying(words -> assertThat(words)
                .startsWith("no step has ended for 60 s, the last one was step 7; where the ranks stand: ")
                .contains(folder.resolve("logs/stall-after-step-7-").toString()));
        assertThat(files.accept(message(0, 7))).isEmpty();
        assertThat(files.accept(message(0, 9))).isPresent();

        assertThat(folder.resolve("logs").toFile().list()).hasSize(2);
        try (var all = Files.list(folder.resolve("logs"))) {
            Path first = all.filter(file -> file.toString().contains("step-7"))
                    .findFirst()
                    .orElseThrow();
            assertThat(first)
                    .content()
                    .contains("==== rank 1, 60 s after step 7 ====", "==== rank 0, 60 s", "main of 0", "main of 1");
        }
    }

    private static JsonNode message(int rank, int step) {
        return JSON.createObjectNode()
                .put("type", Watchdog.TYPE)
                .put("rank", rank)
                .put("step", step)
                .put("seconds", 60)
                .put("stacks", "main of " + rank);
    }
}
