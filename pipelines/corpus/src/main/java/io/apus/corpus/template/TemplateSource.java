package io.apus.corpus.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the chat templates of a Hugging Face model folder, by name. */
final class TemplateSource {
    static final String DEFAULT = "default";
    static final String TOOL_USE = "tool_use";

    private TemplateSource() {}

    /** chat_template.jinja, else the entry of tokenizer_config.json, else chat_template.json; empty where there is none. */
    static Map<String, String> find(Path folder) {
        Map<String, String> found = new LinkedHashMap<>();
        Path jinja = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(jinja)) {
            found.put(DEFAULT, Json.readText(jinja));
        }
        for (String name : new String[] {"tokenizer_config.json", "chat_template.json"}) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                collect(Json.read(file).get("chat_template"), found);
            }
        }
        return found;
    }

    private static void collect(JsonNode entry, Map<String, String> found) {
        if (entry == null) {
            return;
        }
        if (entry.isTextual()) {
            found.putIfAbsent(DEFAULT, entry.asText());
        } else if (entry.isArray()) {
            entry.forEach(named -> found.putIfAbsent(
                    named.path("name").asText(DEFAULT), named.path("template").asText()));
        } else if (entry.isObject()) {
            entry.fields()
                    .forEachRemaining(named ->
                            found.putIfAbsent(named.getKey(), named.getValue().asText()));
        }
    }
}
