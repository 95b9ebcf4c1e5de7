package io.apus.corpus.filter.select;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.schemas.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The rows that a quality classifier learns from. */
public final class LabelledTexts {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CURE =
            "Each line is {\"text\": \"...\", \"label\": 1} with label 1 for good and 0 for bad.";

    /** A text and whether it is good (1) or not (0). */
    public record LabelledText(String text, double label) {}

    private LabelledTexts() {}

    /** The rows of a JSON Lines file in a fixed order; there are good and bad ones, or it is a {@link UserError}. */
    public static List<LabelledText> read(Path file) {
        List<LabelledText> texts = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    texts.add(parse(file, number, line));
                }
            }
        } catch (IOException e) {
            throw new UserError("Cannot read the labelled texts " + file, String.valueOf(e.getMessage()), CURE, e);
        }
        if (texts.stream().map(LabelledText::label).distinct().count() < 2) {
            throw new UserError("Cannot learn from " + file, "it needs good and bad texts", CURE);
        }
        texts.sort(Comparator.comparing(LabelledText::text).thenComparing(LabelledText::label));
        return texts;
    }

    private static LabelledText parse(Path file, int number, String line) {
        try {
            JsonNode row = JSON.readTree(line);
            String label = row.path("label").asText();
            if (row.path("text").isTextual() && label.matches("0|1|true|false")) {
                return new LabelledText(row.get("text").textValue(), label.equals("1") || label.equals("true") ? 1 : 0);
            }
        } catch (JsonProcessingException e) {
            throw new UserError("Cannot read line " + number + " of " + file, e.getOriginalMessage(), CURE, e);
        }
        throw new UserError("Cannot read line " + number + " of " + file, "text or label is missing or odd", CURE);
    }
}
