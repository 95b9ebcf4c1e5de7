package io.apus.corpus.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON texts of tools and calls, as maps, lists, strings, numbers, booleans and null. */
final class AgentJson {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private AgentJson() {}

    /** The value, or null where the text is not JSON (or is JSON's null). */
    static Object parseOrNull(String text) {
        try {
            return text.isBlank() ? null : MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** The value behind a text that may be JSON; anything else as it is. */
    static Object valueOf(Object value) {
        Object parsed = value instanceof String text ? parseOrNull(text) : null;
        return parsed == null ? value : parsed;
    }
}
