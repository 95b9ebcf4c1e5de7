package io.apus.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** adapter_config.json in a form that compares: lists that stand for sets sorted, how the weights began left out. */
final class AdapterConfigs {
    private AdapterConfigs() {}

    static ObjectNode comparable(Path folder) {
        try {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode config = (ObjectNode)
                    mapper.readTree(folder.resolve("adapter_config.json").toFile());
            config.remove(List.of("init_lora_weights", "init_ia3_weights", "init_weights"));
            TreeSet<String> modules = new TreeSet<>();
            config.path("target_modules").forEach(node -> modules.add(node.asText()));
            config.set("target_modules", mapper.valueToTree(modules));
            List<Map.Entry<String, JsonNode>> fields = List.copyOf(config.properties());
            fields.stream()
                    .filter(field -> field.getValue().isNumber())
                    .forEach(
                            field -> config.put(field.getKey(), field.getValue().asDouble()));
            return config;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
