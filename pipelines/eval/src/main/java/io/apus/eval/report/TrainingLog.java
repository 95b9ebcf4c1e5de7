package io.apus.eval.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The lines of {@code logging.jsonl} that carry numbers of a step; the names are ms-swift's. */
record TrainingLog(List<JsonNode> lines) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PROGRESS = "global_step/max_steps";

    /** The log, or an empty one where there is none; a line cut off by a crash is left out. */
    static TrainingLog read(Path file) {
        List<JsonNode> lines = new ArrayList<>();
        try {
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                parse(line).filter(node -> step(node).isPresent()).ifPresent(lines::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TrainingLog(lines);
    }

    private static Optional<JsonNode> parse(String line) {
        try {
            return Optional.ofNullable(JSON.readTree(line)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The values of {@code key} by step; empty where no line has it. */
    List<Series.Point> points(String key) {
        List<Series.Point> points = new ArrayList<>();
        for (JsonNode line : lines) {
            JsonNode value = line.get(key);
            if (value != null && value.isNumber() && Double.isFinite(value.asDouble())) {
                points.add(new Series.Point(step(line).getAsDouble(), value.asDouble()));
            }
        }
        return points;
    }

    /** The last value of {@code key}. */
    OptionalDouble last(String key) {
        List<Series.Point> points = points(key);
        return points.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(points.get(points.size() - 1).y());
    }

    /** The mean of all values of {@code key}. */
    OptionalDouble mean(String key) {
        return points(key).stream().mapToDouble(Series.Point::y).average();
    }

    private static OptionalDouble step(JsonNode line) {
        String progress = line.path(PROGRESS).asText("");
        int slash = progress.indexOf('/');
        if (slash <= 0 || !progress.substring(0, slash).matches("[0-9]{1,15}")) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Double.parseDouble(progress.substring(0, slash)));
    }
}
