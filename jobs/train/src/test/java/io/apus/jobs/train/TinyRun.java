package io.apus.jobs.train;

import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.shards.ShardWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** A model and rows that train in seconds. */
final class TinyRun {
    static final int MAX_LENGTH = 32;
    private static final int VOCABULARY = 96;
    private static final String CONFIG =
            """
            {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_act": "silu", "vocab_size": 96,
             "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
             "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
             "rope_theta": 10000.0, "tie_word_embeddings": true, "initializer_range": 0.05, "eos_token_id": 2}
            """;

    private TinyRun() {}

    static RunSpec spec(Path folder, String... flags) {
        List<String> all = new ArrayList<>(List.of(
                "--model", folder.resolve("model").toString(),
                "--dataset", folder.resolve("data.jsonl").toString(),
                "--output_dir", folder.resolve("out").toString(),
                "--max_length", String.valueOf(MAX_LENGTH)));
        all.addAll(List.of(flags));
        return RunSpecReader.read(Optional.empty(), List.of(), all);
    }

    static void model(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (DecoderModel model = DecoderModel.random(ModelConfig.parse(CONFIG), 7)) {
            model.save(folder, 1L << 30);
        }
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
    }

    /** Only the configuration, as a plan needs no more. */
    static void config(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), CONFIG);
    }

    static void shards(RunLayout layout, String split, int rows) {
        Random random = new Random(rows);
        try (ShardWriter writer = new ShardWriter(layout.shards(split), split, MAX_LENGTH, "tokenizer-1", 200)) {
            IntStream.range(0, rows).forEach(i -> writer.add(row("s-" + i, random)));
            writer.commit();
        }
    }

    private static PackedRow row(String id, Random random) {
        int length = 8 + random.nextInt(MAX_LENGTH - 8);
        int[] ids = new int[length];
        float[] weights = new float[length];
        for (int t = 1; t < length; t++) {
            ids[t] = random.nextInt(4) == 0 ? random.nextInt(VOCABULARY) : (ids[t - 1] * 5 + 3) % VOCABULARY;
            weights[t] = 1;
        }
        return new PackedRow(ids, weights, new int[] {length}, List.of(id));
    }
}
