package io.apus.jobs.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<String> descriptions = new ArrayList<>();
    private long now;

    @Test
    void aTerminalShowsOneLineThatIsDrawnAnew() {
        Progress progress = progress(true);
        progress.begin("train", 200);
        now += Duration.ofSeconds(30).toNanos();
        progress.update(50, "loss 2.31");
        progress.update(51, "too soon to draw");
        now += Duration.ofSeconds(95).toNanos();
        progress.end("200 steps");

        String[] drawn = text().split("\r");
        assertThat(drawn[1]).startsWith("  train  [------------------------] 0%");
        assertThat(drawn[2]).startsWith("  train  [######------------------] 25%  loss 2.31  0:30, 1:30 left");
        assertThat(drawn[3]).startsWith("  train  2:05  200 steps").endsWith("\n");
        assertThat(drawn).hasSize(4);
        assertThat(drawn[2]).hasSize(79);
    }

    @Test
    void theTimeLeftIsSeenHoweverLongTheNoteIs() {
        Progress progress = progress(true);
        progress.begin("train", 200);
        now += Duration.ofSeconds(30).toNanos();
        progress.update(50, "step 50/200  loss 2.3141  3.1k tok/s  41% of peak");
        now += Duration.ofSeconds(1).toNanos();
        progress.update(51, "step 50/200  loss 2.3141  3.1k tok/s  41% of peak  1.2 GiB/rank  eval_loss 2.5");

        String[] drawn = text().split("\r", -1);
        assertThat(drawn[2])
                .startsWith("  train  [##------] 25%  step 50/200  loss 2.3141  3.1k tok/s  0:30, 1:30 left");
        assertThat(drawn[3])
                .startsWith("  train  [##------] 26%  step 50/200  loss 2.3141  3.1k tok/s  0:31, 1:30 left");
        assertThat(drawn[3]).hasSize(79);
    }

    @Test
    void aLogFileGetsAPlainLineNowAndThen() {
        Progress progress = progress(false);
        progress.begin("train", 10);
        for (int second = 1; second <= 25; second++) {
            now += Duration.ofSeconds(1).toNanos();
            progress.update(second * 10 / 25, "loss " + second);
        }
        progress.begin("save", 0);
        progress.end("");

        assertThat(text().lines())
                .containsExactly(
                        "  train  40%  loss 10  0:10, 0:15 left",
                        "  train  80%  loss 20  0:20, 0:05 left", "  train  0:25", "  save  0:00");
        assertThat(descriptions).containsExactly("train", "save");
    }

    private ConsoleProgress progress(boolean terminal) {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new ConsoleProgress(out, terminal, 80, () -> now, descriptions::add);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
