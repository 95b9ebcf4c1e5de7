package io.apus.eval.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.eval.score.MetricMean;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Score;
import io.apus.shards.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the report shows and only the evaluation stage can know, because it lies in tables; kept beside the report so that the report can be
 * written again without Spark.
 *
 * @param model what was evaluated
 * @param means each metric's mean
 * @param samples generated answers to show
 * @param rejects refused rows to show, some per stage and reason
 * @param previews training samples to show as tokens
 */
public record ReportData(
        Model model, List<MetricMean> means, List<Score> samples, List<Reject> rejects, List<Preview> previews) {
    /**
     * What was evaluated.
     *
     * @param name folder of the model that the run started from
     * @param architecture as in config.json
     * @param parameters number of weights
     * @param tuner full or lora
     */
    public record Model(String name, String architecture, long parameters, String tuner) {}

    /**
     * A training sample as tokens.
     *
     * @param item the sample's key
     * @param tokens its tokens in order, a long sample's first ones
     * @param length how many tokens it has in all
     */
    public record Preview(String item, List<Token> tokens, int length) {
        public Preview {
            tokens = List.copyOf(tokens);
        }
    }

    /** A token's text and its weight in the loss. */
    public record Token(String text, float weight) {}

    private static final String FILE = "report.json";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public ReportData {
        means = List.copyOf(means);
        samples = List.copyOf(samples);
        rejects = List.copyOf(rejects);
        previews = previews == null ? List.of() : List.copyOf(previews);
    }

    /** Where it lies: beside the report. */
    public static Path file(Path report) {
        return report.resolveSibling(FILE);
    }

    public void write(Path file) {
        try {
            AtomicFile.write(file, JSON.writeValueAsString(this).getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("report data is plain data", e);
        }
    }

    static Optional<ReportData> read(Path file) {
        try {
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(Files.readAllBytes(file), ReportData.class))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }
}
