package io.apus.jobs.launch.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Spreads what ms-swift takes for {@code fsdp}, JSON of fsdp and fsdp_config or the file of it, over the options of these names. */
final class FsdpJson {
    private static final String WORDS = "fsdp";
    private static final String CONFIG = "fsdp_config";
    /** What ms-swift takes where the JSON says nothing. */
    private static final String USUAL = "full_shard auto_wrap";

    private FsdpJson() {}

    /** What a {@code fsdp_config} given beside it says wins. */
    static void spread(Settings settings) {
        Option words = option(WORDS);
        JsonNode given = settings.get(words);
        try {
            JsonNode json = given == null ? null : json(given);
            if (json != null && json.isObject()) {
                spread(settings, json);
            }
        } catch (IllegalArgumentException e) {
            settings.problem(words.key() + ": " + e.getMessage());
            settings.put(words, null);
        }
    }

    private static void spread(Settings settings, JsonNode json) {
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!Set.of(WORDS, CONFIG).contains(field.getKey())
                    && !field.getKey().startsWith("_")) {
                throw new IllegalArgumentException(
                        "its JSON may have " + WORDS + " and " + CONFIG + ", and has " + field.getKey());
            }
        }
        settings.put(option(WORDS), json.path(WORDS).isMissingNode() ? new TextNode(USUAL) : json.path(WORDS));
        if (json.has(CONFIG) && !settings.has(option(CONFIG))) {
            settings.put(option(CONFIG), json.get(CONFIG));
        }
    }

    private static JsonNode json(JsonNode given) {
        String text = given.asText();
        if (text.startsWith("{")) {
            return YamlSettings.value(text);
        }
        if (!text.endsWith(".json")) {
            return given;
        }
        try {
            return YamlSettings.value(Files.readString(Path.of(text)));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the file " + text, e);
        }
    }

    private static Option option(String name) {
        return OptionCatalog.INSTANCE.named(name).orElseThrow();
    }
}
