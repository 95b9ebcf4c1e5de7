package io.apus.corpus.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** How rows are read as JSON: strictly, with numbers kept as they were written. */
final class RowJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    static final JsonFactory FACTORY = MAPPER.getFactory();

    private RowJson() {}

    static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    static boolean isValue(String text) {
        try {
            return !parse(text).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** A parser's message without its line breaks and its advice to programmers. */
    static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").strip();
    }
}
