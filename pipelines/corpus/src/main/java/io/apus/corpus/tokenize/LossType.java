package io.apus.corpus.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One type of ms-swift's {@code loss_scale}, from {@code loss-scales.json}: key words with the weight of the word itself and of what
 * follows it up to the next (Modelscope-Agent, arXiv 2309.00986), or patterns with the weight of what they match; all else weighs 1.
 */
final class LossType {
    private static final Map<String, LossType> ALL = read();

    /** {@code length} characters that weigh {@code weight}. */
    record Part(int length, float weight) {}

    private final Map<String, float[]> words = new LinkedHashMap<>();
    private final List<Float> patternWeights = new ArrayList<>();
    private final Map<String, Float> queries = new LinkedHashMap<>();
    private final Pattern pattern;

    private LossType(JsonNode entry) {
        entry.path("words")
                .fields()
                .forEachRemaining(word -> words.put(word.getKey(), new float[] {
                    word.getValue().get(0).floatValue(), word.getValue().get(1).floatValue()
                }));
        List<String> patterns = new ArrayList<>();
        entry.path("patterns").fields().forEachRemaining(one -> {
            patterns.add("(" + one.getKey() + ")");
            patternWeights.add(one.getValue().floatValue());
        });
        entry.path("queries")
                .fields()
                .forEachRemaining(
                        query -> queries.put(query.getKey(), query.getValue().floatValue()));
        String either = words.isEmpty()
                ? String.join("|", patterns)
                : words.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
        this.pattern = Pattern.compile(either, Pattern.DOTALL);
    }

    private static Map<String, LossType> read() {
        Map<String, LossType> all = new LinkedHashMap<>();
        try (InputStream in = LossType.class.getResourceAsStream("loss-scales.json")) {
            new ObjectMapper()
                    .readTree(in)
                    .fields()
                    .forEachRemaining(entry -> all.put(entry.getKey(), new LossType(entry.getValue())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    static LossType get(String name) {
        LossType type = ALL.get(name);
        if (type == null) {
            throw new UserError(
                    "Unknown loss_scale",
                    "\"" + name + "\" is not known",
                    "Known: " + String.join(", ", ALL.keySet()) + ".");
        }
        return type;
    }

    /**
     * The parts of an assistant's text, which they cover without gaps.
     *
     * @param query what the assistant answers
     */
    List<Part> parts(String text, String query) {
        for (Map.Entry<String, Float> trigger : queries.entrySet()) {
            if (query.contains(trigger.getKey())) {
                return List.of(new Part(text.length(), trigger.getValue()));
            }
        }
        List<Part> parts = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        int position = 0;
        float following = 1;
        while (matcher.find()) {
            parts.add(new Part(matcher.start() - position, following));
            float[] word = words.get(matcher.group());
            parts.add(new Part(matcher.end() - matcher.start(), word == null ? weight(matcher) : word[0]));
            following = word == null ? 1 : word[1];
            position = matcher.end();
        }
        parts.add(new Part(text.length() - position, following));
        parts.removeIf(part -> part.length() == 0);
        return parts;
    }

    private float weight(Matcher matcher) {
        for (int i = 0; i < patternWeights.size(); i++) {
            if (matcher.group(i + 1) != null) {
                return patternWeights.get(i);
            }
        }
        return 1;
    }
}
