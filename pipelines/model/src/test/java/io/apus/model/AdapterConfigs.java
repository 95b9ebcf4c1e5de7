package io.apus.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeSet;

/** adapter_config.json in a form that compares: lists that stand for sets sorted, how the weights began left out. */
final class AdapterConfigs {
    private AdapterConfigs() {}

    static ObjectNode comparable(Path folder) {
        try {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode config = (ObjectNode)
                    mapper.readTree(folder.resolve("adapter_config.json").toFile());
            config.remove("init_lora_weights");
            TreeSet<String> modules = new TreeSet<>();
            config.get("target_modules").forEach(node -> modules.add(node.asText()));
            config.set("target_modules", mapper.valueToTree(modules));
            config.put("lora_dropout", config.get("lora_dropout").asDouble());
            return config;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
