package io.apus.jobs.data.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.shards.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a stream has committed. The file that holds it is replaced at once, and with it a batch is committed or not; the manifests are
 * written from it afterwards.
 *
 * @param query id of the streaming query, which lives in its checkpoint
 * @param batch the last batch, from 0
 * @param rows rows taken so far by the index of their dataset
 * @param stages manifests of ingest, filter, tokenize and pack over all batches
 * @param shards manifests of the splits over all batches
 */
record StreamState(
        String query, long batch, Map<Integer, Long> rows, List<Manifest> stages, Map<String, ShardManifest> shards) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    StreamState {
        rows = new TreeMap<>(rows);
        stages = List.copyOf(stages);
        shards = new TreeMap<>(shards);
    }

    /** Before the first batch. */
    static StreamState beginning(String query) {
        return new StreamState(query, -1, Map.of(), List.of(), Map.of());
    }

    static Optional<StreamState> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), StreamState.class));
        } catch (JsonProcessingException e) {
            throw new UserError(
                    "Cannot go on with the stream",
                    file + " is not the state of one: " + e.getOriginalMessage(),
                    "Begin again in another output_dir.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path file) {
        try {
            AtomicFile.write(file, (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stream's state is plain data", e);
        }
    }

    Optional<Manifest> stage(String name) {
        return stages.stream().filter(stage -> stage.stage().equals(name)).findFirst();
    }
}
