package io.apus.jobs.train.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.shards.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Keeps the id of a run's run in MLflow, so that a run which is started again goes on with it: {@code {"server", "run_id"}}. */
public record RunIdFile(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The id on {@code server}; empty if the file is not there, cannot be read or tells of another server. */
    Optional<String> read(String server) {
        try {
            JsonNode kept = JSON.readTree(Files.readString(path));
            String id = kept.path("run_id").asText();
            return kept.path("server").asText().equals(server) && !id.isEmpty() ? Optional.of(id) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void write(String server, String id) {
        try {
            AtomicFile.write(path, JSON.writeValueAsBytes(Map.of("server", server, "run_id", id)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("text is plain data", e);
        }
    }
}
