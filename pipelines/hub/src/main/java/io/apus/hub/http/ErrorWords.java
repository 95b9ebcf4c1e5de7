package io.apus.hub.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** What a hub says in the body of an error: {@code error} at Hugging Face, {@code Message} at ModelScope. */
final class ErrorWords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> KEYS = List.of("error", "Message", "message");
    private static final int LONGEST = 200;

    private ErrorWords() {}

    static String of(String body) {
        try {
            JsonNode node = JSON.readTree(body);
            return KEYS.stream()
                    .map(key -> node.path(key).asText(""))
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .orElse("");
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /** One short line without control characters. */
    static String line(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
