package io.apus.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranks that share a model never hold all of it, from the moment they open its files. */
class LoadingMemoryTest {
    private static final String CONFIG =
            """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "vocab_size": 96,
             "hidden_size": 512, "intermediate_size": 2048, "num_hidden_layers": 8, "num_attention_heads": 8,
             "num_key_value_heads": 8, "max_position_embeddings": 128, "rms_norm_eps": 1e-6,
             "rope_theta": 10000.0, "tie_word_embeddings": true, "initializer_range": 0.02,
             "bos_token_id": 1, "eos_token_id": 2}
            """;

    @TempDir
    private Path folder;

    /**
     * What two ranks take at most, as a share of what two with everything take: half of that would be perfect. All count pages of the file beside the
     * weights; a rank of tp meets all pages of matrices of which it has columns, and zero3 puts two layers together at a time. Two with everything
     * need not be at their peaks together, which makes the share a sixth larger at times.
     */
    @Test
    void aRankReadsWhatItHolds() throws Exception {
        Map<String, Long> bytes = measured("dp=2", "pp=2", "tp=2", "zero3");

        long whole = bytes.get("dp=2");
        assertThat(whole).isGreaterThan(2 * 4 * ModelConfig.parse(CONFIG).parameterCount());
        assertThat(bytes.get("pp=2")).isLessThan(whole * 7 / 10);
        assertThat(bytes.get("tp=2")).isLessThan(whole * 8 / 10);
        assertThat(bytes.get("zero3")).isLessThan(whole * 8 / 10);
    }

    private Map<String, Long> measured(String... plans) throws Exception {
        TinyTask.in(folder);
        Path large = folder.resolve("large");
        try (DecoderModel model = DecoderModel.random(ModelConfig.parse(CONFIG), 7)) {
            model.save(large, 1 << 30, DType.BF16);
        }
        for (String file : List.of("tokenizer.json", "generation_config.json")) {
            Files.copy(folder.resolve("model").resolve(file), large.resolve(file));
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LoadingMemory.class.getName(),
                folder.toString(),
                large.toString()));
        command.addAll(List.of(plans));
        Path errors = folder.resolve("errors.txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        // Freed tensors go back to the kernel at once, so that one plan's do not count for the next.
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(() -> read(errors)).isZero();
        Map<String, Long> bytes = new HashMap<>();
        output.lines()
                .filter(line -> line.startsWith(LoadingMemory.MARK))
                .map(line -> line.split(" "))
                .forEach(line -> bytes.put(line[1], Long.valueOf(line[2])));
        return bytes;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
