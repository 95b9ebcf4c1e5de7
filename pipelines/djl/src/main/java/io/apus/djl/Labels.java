package io.apus.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The classes of a model: {@code id2label} of its config.json. */
final class Labels {
    private Labels() {}

    /** In the order of the model's outputs. */
    static List<String> read(Path folder) {
        Path file = folder.resolve("config.json");
        try {
            JsonNode named = new ObjectMapper().readTree(file.toFile()).path("id2label");
            List<String> labels = new ArrayList<>();
            while (named.has(Integer.toString(labels.size()))) {
                labels.add(named.path(Integer.toString(labels.size())).asText());
            }
            if (labels.isEmpty()) {
                throw new IOException("it has no id2label");
            }
            return labels;
        } catch (IOException e) {
            throw new UserError(
                    "Cannot read the classes of " + file,
                    String.valueOf(e.getMessage()),
                    "Give a classification model.",
                    e);
        }
    }
}
