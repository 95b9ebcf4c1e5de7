package io.apus.corpus.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The introductions of {@code prompts.json}, by name. */
final class IntroductionTexts {
    private static final JsonNode ALL = read();

    private IntroductionTexts() {}

    private static JsonNode read() {
        try (InputStream in = IntroductionTexts.class.getResourceAsStream("prompts.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static IntroductionText get(String name) {
        JsonNode found = ALL.get(name);
        return new IntroductionText(
                found.path("before").asText(),
                found.path("before_none").asText(),
                found.path("text").asText(),
                found.path("after").asText(),
                found.path("user").asText(),
                found.path("tool").asText(),
                found.path("join").asText());
    }
}
