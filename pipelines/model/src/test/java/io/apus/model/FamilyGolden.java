package io.apus.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.layer.TokenBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One folder of {@code src/test/resources/golden}: a tiny config, and what the reference computed with weights by formula. */
record FamilyGolden(String name, String architecture, Path folder, JsonNode json) {
    static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every recorded case; one that is known under several architectures' names appears once for each. */
    static List<FamilyGolden> all() {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.filter(folder -> Files.exists(folder.resolve("config.json")))
                    .sorted()
                    .flatMap(FamilyGolden::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FamilyGolden named(String name) {
        return read(FOLDER.resolve(name)).findFirst().orElseThrow();
    }

    private static Stream<FamilyGolden> read(Path folder) {
        String name = folder.getFileName().toString();
        JsonNode json = json(folder.resolve("golden.json"));
        String own = json(folder.resolve("config.json"))
                .path("architectures")
                .path(0)
                .asText();
        Stream<FamilyGolden> aliases = StreamSupport.stream(json.path("aliases").spliterator(), false)
                .map(alias -> new FamilyGolden(name + " as " + alias.asText(), alias.asText(), folder, json));
        return Stream.concat(Stream.of(new FamilyGolden(name, own, folder, json)), aliases);
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ModelConfig config() {
        ObjectNode config = (ObjectNode) json(folder.resolve("config.json"));
        config.putArray("architectures").add(architecture);
        return ModelConfig.of(config);
    }

    /** The model with its weights by formula; they are written into {@code scratch} first. */
    DecoderModel load(Path scratch) {
        ModelConfig config = config();
        try {
            JSON.writeValue(scratch.resolve("config.json").toFile(), config.json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        FormulaWeights.write(
                scratch.resolve("model.safetensors"),
                config.shapes(),
                json.path("embedding_scale").asDouble(1));
        return DecoderModel.load(scratch);
    }

    /** Every tensor of the reference's file with its shape, those that take no gradient included. */
    Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new TreeMap<>();
        json.path("gradients")
                .fields()
                .forEachRemaining(entry ->
                        shapes.put(entry.getKey(), longs(entry.getValue().path("shape"))));
        json.path("frozen").fields().forEachRemaining(entry -> shapes.put(entry.getKey(), longs(entry.getValue())));
        return shapes;
    }

    int rows() {
        return json.path("input_ids").size();
    }

    long[] row(int row) {
        return longs(json.path("input_ids").path(row));
    }

    /** All rows end to end, one segment each. */
    TokenBatch packed() {
        long[] ids = IntStream.range(0, rows())
                .mapToObj(this::row)
                .flatMapToLong(LongStream::of)
                .toArray();
        int[] lengths = IntStream.range(0, rows()).map(i -> row(i).length).toArray();
        return TokenBatch.of(ids, lengths);
    }

    /** The recorded tokens of {@link #packed} whose logits are known, in the order of {@link #logits}. */
    long[] positions() {
        long[] positions = longs(json.path("logit_positions"));
        return IntStream.range(0, rows())
                .boxed()
                .flatMap(row -> LongStream.of(positions)
                        .map(p -> (long) row * row(row).length + p)
                        .boxed())
                .mapToLong(Long::longValue)
                .toArray();
    }

    float[] logits() {
        return logits(json);
    }

    static float[] logits(JsonNode json) {
        List<Float> values = new ArrayList<>();
        json.path("logits").forEach(row -> row.forEach(at -> at.forEach(v -> values.add((float) v.asDouble()))));
        float[] result = new float[values.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.get(i);
        }
        return result;
    }

    /** The reference's own greatest difference to its float64 computation. */
    double ownError(String quantity) {
        return json.path("float32_error").path(quantity).asDouble();
    }

    static long[] longs(JsonNode array) {
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asLong();
        }
        return values;
    }
}
