package io.apus.jobs.launch.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a model's folder says about where it comes from.
 *
 * @param names what it may be called in the catalog: its own name, that of its repository where it lies in a hub's cache, and the id
 *     that transformers noted in it; the surest first
 * @param architecture the class that config.json names, or empty
 */
record FolderFacts(List<String> names, String architecture) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CACHED = "models--";

    /** @param asked how the user named the model: an id or a path */
    static FolderFacts of(String asked, Path folder) {
        JsonNode config = config(folder);
        List<String> names = new ArrayList<>();
        names.add(asked);
        Path absolute = folder.toAbsolutePath().normalize();
        for (Path at = absolute; at != null && names.size() < 4; at = at.getParent()) {
            names.add(called(at));
        }
        names.add(config.path("_name_or_path").asText(null));
        return new FolderFacts(
                names.stream()
                        .filter(Objects::nonNull)
                        .filter(name -> !name.isBlank())
                        .distinct()
                        .toList(),
                config.path("architectures").path(0).asText(""));
    }

    /** {@code models--owner--name} of the Hugging Face cache is owner/name. */
    private static String called(Path folder) {
        String name = folder.getFileName() == null ? "" : folder.getFileName().toString();
        return name.startsWith(CACHED) ? name.substring(CACHED.length()).replaceFirst("--", "/") : name;
    }

    private static JsonNode config(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new UserError("Cannot read " + file, "it is not JSON", "Fetch it again.", e);
        } catch (IOException e) {
            throw new UserError("Cannot read " + file, String.valueOf(e.getMessage()), "", e);
        }
    }
}
