package io.apus.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.train.loop.Evaluation;
import io.apus.train.loop.LoopState;
import io.apus.train.loop.Progress;
import io.apus.train.loop.StepReport;
import io.apus.train.loop.Window;
import io.apus.train.measure.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    @TempDir
    private Path folder;

    @Test
    void masksTheChecksumAsTensorFlowDoes() {
        byte[] check = "123456789".getBytes(StandardCharsets.US_ASCII);

        // RFC 3720 gives 0xE3069283 for these bytes; rotated right by 15, plus 0xA282EAD8.
        assertThat(EventFile.maskedCrc(check, check.length))
                .isEqualTo(Integer.rotateRight(0xE3069283, 15) + 0xA282EAD8);
    }

    @Test
    void scalarsAreReadBackAsTheyWereWritten() throws IOException {
        Path file = folder.resolve("events");
        try (EventFile events = new EventFile(file, 12.5)) {
            events.scalars(13.25, 300, new TreeMap<>(Map.of("train/loss", 2.5, "train/epoch", 0.125)));
        }

        List<byte[]> records = records(Files.readAllBytes(file));

        assertThat(records).hasSize(2);
        assertThat(new String(records.get(0), StandardCharsets.ISO_8859_1)).endsWith("brain.Event:2");
        ByteBuffer event = ByteBuffer.wrap(records.get(1)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(event.get()).isEqualTo((byte) 0x09);
        assertThat(event.getDouble()).isEqualTo(13.25);
        assertThat(event.get()).isEqualTo((byte) 0x10);
        assertThat((event.get() & 0x7f) | (event.get() << 7)).isEqualTo(300);
        assertThat(event.get()).isEqualTo((byte) 0x2a);
        assertThat((int) event.get()).isEqualTo(event.remaining());
        assertThat(value(event, "train/epoch")).isEqualTo(0.125f);
        assertThat(value(event, "train/loss")).isEqualTo(2.5f);
        assertThat(event.hasRemaining()).isFalse();
    }

    @Test
    void aResumedRunSaysFromWhichStepOnItReplacesEarlierFiles() throws IOException {
        try (TensorBoardLog log = new TensorBoardLog(folder, 20)) {
            Progress progress = new Progress(25, 100, 0.5, 60);
            log.logged(
                    progress,
                    new StepReport(25, 100, 1.5, 2, 1e-4, 64, 0.5, 0.1, false),
                    new Window(5, 10, 3, 4, 320, 2, 0.5, 0),
                    new Reading(List.of(), 0.25));
            log.evaluated(progress, new Evaluation(1.25, 0.5, 100, 1));
            log.ended(progress, LoopState.start());
        }

        List<byte[]> records;
        try (Stream<Path> files = Files.list(folder)) {
            records = records(Files.readAllBytes(files.findFirst().orElseThrow()));
        }
        assertThat(records).hasSize(5);
        assertThat(records.get(1)).endsWith(0x10, 21, 0x3a, 2, 0x08, 1);
        assertThat(new String(records.get(2), StandardCharsets.ISO_8859_1))
                .contains("train/loss", "train/grad_norm", "train/token_acc", "train/learning_rate")
                .doesNotContain("max_steps", "elapsed");
        assertThat(new String(records.get(3), StandardCharsets.ISO_8859_1))
                .contains("eval/loss", "eval/token_acc", "eval/runtime")
                .doesNotContain("train/");
        assertThat(new String(records.get(4), StandardCharsets.ISO_8859_1))
                .contains("train/train_loss", "train/train_runtime", "train/epoch");
    }

    private static float value(ByteBuffer summary, String tag) {
        assertThat(summary.get()).isEqualTo((byte) 0x0a);
        int length = summary.get();
        assertThat(length).isEqualTo(2 + tag.length() + 5);
        assertThat(summary.get()).isEqualTo((byte) 0x0a);
        byte[] name = new byte[summary.get()];
        summary.get(name);
        assertThat(new String(name, StandardCharsets.UTF_8)).isEqualTo(tag);
        assertThat(summary.get()).isEqualTo((byte) 0x15);
        return summary.getFloat();
    }

    /** Splits the file and checks both checksums of every record. */
    private static List<byte[]> records(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            assertThat(in.getInt()).isEqualTo(EventFile.maskedCrc(length, 8));
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            in.get(data);
            assertThat(in.getInt()).isEqualTo(EventFile.maskedCrc(data, data.length));
            records.add(data);
        }
        return records;
    }
}
