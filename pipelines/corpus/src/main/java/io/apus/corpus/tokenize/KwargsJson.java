package io.apus.corpus.tokenize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** Variables of chat templates as they are written in run files and in samples. */
final class KwargsJson {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private KwargsJson() {}

    /** JSON where the text is JSON (true, 3, [..]), otherwise the text. */
    static Object value(String text) {
        try {
            return MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    /** The variables in a sample's column; empty where it is not an object. */
    static Map<String, Object> of(String json) {
        Map<String, Object> kwargs = new LinkedHashMap<>();
        if (json != null && value(json) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> kwargs.put(String.valueOf(name), value));
        }
        return kwargs;
    }
}
