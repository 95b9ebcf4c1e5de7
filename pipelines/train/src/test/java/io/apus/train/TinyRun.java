package io.apus.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.shards.ShardWriter;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A model and rows small enough to train on in a second. */
final class TinyRun {
    static final int VOCABULARY = 96;
    static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG =
            """
            {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_act": "silu", "vocab_size": 96,
             "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 2, "num_attention_heads": 4,
             "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 128, "rms_norm_eps": 1e-6,
             "rope_theta": 10000.0, "tie_word_embeddings": true, "initializer_range": 0.05,
             "bos_token_id": 1, "eos_token_id": 2}
            """;

    private TinyRun() {}

    /** One thread: the operations are too small to share, and waiting threads would fight over busy cores. */
    static Path model(Path folder) {
        Torch.threads(1);
        try (DecoderModel model = DecoderModel.random(ModelConfig.parse(CONFIG), 7)) {
            Files.createDirectories(folder);
            model.save(folder, 1 << 30);
            tokenizer(folder, VOCABULARY);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files of a model's folder that are no weights. */
    static void tokenizer(Path folder, int size) throws IOException {
        Files.writeString(
                folder.resolve("config.json"), CONFIG.replace("\"vocab_size\": 96", "\"vocab_size\": " + size));
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Files.writeString(folder.resolve("generation_config.json"), "{}");
    }

    /** Samples of 3 to 10 tokens from a language in which each token makes the next one likely. */
    static List<PackedRow> samples(int count, long seed) {
        Random random = new Random(seed);
        List<PackedRow> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = 3 + random.nextInt(8);
            int[] ids = new int[length];
            float[] weights = new float[length];
            ids[0] = random.nextInt(VOCABULARY);
            for (int t = 1; t < length; t++) {
                ids[t] = random.nextInt(4) == 0 ? random.nextInt(VOCABULARY) : (ids[t - 1] * 5 + 3) % VOCABULARY;
                weights[t] = t == 1 ? 0 : 1;
            }
            samples.add(new PackedRow(ids, weights, new int[] {length}, List.of("s-" + i)));
        }
        return samples;
    }

    /** One row of several samples, in order. */
    static PackedRow join(List<PackedRow> samples) {
        int length = samples.stream().mapToInt(row -> row.inputIds().length).sum();
        float[] weights = new float[length];
        int at = 0;
        for (PackedRow sample : samples) {
            System.arraycopy(sample.lossWeights(), 0, weights, at, sample.lossWeights().length);
            at += sample.lossWeights().length;
        }
        return new PackedRow(
                samples.stream()
                        .flatMapToInt(row -> IntStream.of(row.inputIds()))
                        .toArray(),
                weights,
                samples.stream().mapToInt(row -> row.inputIds().length).toArray(),
                samples.stream().flatMap(row -> row.sampleIds().stream()).toList());
    }

    /** Rows of {@code perRow} samples each. */
    static List<PackedRow> packed(List<PackedRow> samples, int perRow) {
        return IntStream.range(0, samples.size() / perRow)
                .mapToObj(i -> join(samples.subList(i * perRow, (i + 1) * perRow)))
                .toList();
    }

    static Path shards(Path folder, String split, List<PackedRow> rows) {
        try (ShardWriter writer = new ShardWriter(folder, split, 64, "tokenizer-1", 400)) {
            rows.forEach(writer::add);
            writer.commit();
            return folder;
        }
    }

    /** Options by component name over the defaults, with a log line a step; which step a failed run saved last is certain. */
    static TrainSpec spec(Consumer<Map<String, Object>> changes) {
        Map<String, Object> options = new HashMap<>();
        options.put("loggingSteps", 1);
        options.put("saveStrategy", "no");
        options.put("reportTo", List.of("none"));
        options.put("checkpoint", new HashMap<>(Map.of("asyncSave", false)));
        changes.accept(options);
        return JSON.convertValue(options, TrainSpec.class);
    }

    static TunerSpec tuner(String type) {
        return JSON.convertValue(Map.of("tunerType", type, "lora", Map.of("loraDropout", 0.1)), TunerSpec.class);
    }

    /** Adds the message of {@code line} if it is that of a step. */
    static void addStep(List<JsonNode> steps, String line) {
        JsonNode message = json(line);
        if (message.get("type").asText().equals("step")) {
            steps.add(message);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
