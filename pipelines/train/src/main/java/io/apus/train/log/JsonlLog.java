package io.apus.train.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.shards.AtomicFile;
import io.apus.train.loop.Evaluation;
import io.apus.train.loop.LoopState;
import io.apus.train.loop.Progress;
import io.apus.train.loop.StepReport;
import io.apus.train.loop.TrainListener;
import io.apus.train.loop.Window;
import io.apus.train.measure.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** The {@code logging.jsonl} of a run: one JSON object a line. */
public final class JsonlLog implements TrainListener {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    private JsonlLog(Path file) {
        this.file = file;
    }

    /** Goes on with {@code file}, without the lines behind {@code step}: those steps will be trained again. */
    public static JsonlLog resume(Path file, int step) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            List<String> before = Files.exists(file) ? Files.readAllLines(file) : List.of();
            StringBuilder kept = new StringBuilder();
            before.stream().filter(line -> keeps(line, step)).forEach(line -> kept.append(line)
                    .append('\n'));
            AtomicFile.write(file, kept.toString().getBytes(StandardCharsets.UTF_8));
            return new JsonlLog(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** A line that a crash tore, and the summary of an earlier end, go too. */
    private static boolean keeps(String line, int step) {
        try {
            JsonNode place = JSON.readTree(line);
            String at = place.path(LogLines.STEP).asText("");
            int slash = at.indexOf('/');
            return slash > 0 && !place.has(LogLines.SUMMARY) && Integer.parseInt(at.substring(0, slash)) <= step;
        } catch (JsonProcessingException | NumberFormatException e) {
            return false;
        }
    }

    @Override
    public void logged(Progress progress, StepReport last, Window window, Reading reading) {
        append(LogLines.training(progress, last, window, reading));
    }

    @Override
    public void evaluated(Progress progress, Evaluation evaluation) {
        append(LogLines.evaluation(progress, evaluation));
    }

    @Override
    public void ended(Progress progress, LoopState state) {
        append(LogLines.summary(progress, state));
    }

    private void append(Map<String, Object> line) {
        try {
            Files.writeString(file, JSON.writeValueAsString(line) + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
