package io.apus.jobs.eval.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.family.Families;
import io.apus.schemas.UserError;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelsCommandTest {
    private static final String CONF = "apus.conf";
    private static final String CONFIG =
            """
            {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_act": "silu", "vocab_size": 96,
             "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
             "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 4096, "rms_norm_eps": 1e-6,
             "rope_theta": 10000.0, "tie_word_embeddings": true}
            """;
    private static final String TOKENIZER =
            """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "vocab": {"a": 0, "[UNK]": 1}, "unk_token": "[UNK]"}}
            """;

    @TempDir
    Path folder;

    private int code;

    @BeforeEach
    void catalog() {
        System.setProperty(CONF, SharedReference.projectRoot().resolve("conf").toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty(CONF);
    }

    @Test
    void listsWhatIsAskedFor() {
        assertThat(run("qwen2.5-math"))
                .contains("Qwen/Qwen2.5-Math-7B-Instruct", "qwen2_5_math", "4,096")
                .doesNotContain("Llama");
        assertThat(run("--family", "MambaForCausalLM", "--covered", "false")).contains("covered: 0 of 6 text ids");
        assertThat(run("--family", "MambaForCausalML")).contains("Did you mean \"MambaForCausalLM\"?");
        assertThat(run("show", "meta-llama/Llama-2-7b-hf")).contains("modelscope/Llama-2-7b-ms", "4,096 tokens");
    }

    @Test
    void countsTheCoveredOnes() {
        long covered = ModelsCommand.catalog().entries().stream()
                .filter(entry -> entry.architectures().stream()
                        .anyMatch(name -> Families.names().contains(name)))
                .count();
        assertThat(run("--summary"))
                .containsPattern("Qwen2ForCausalLM +153 +153  qwen2, qwen2_gte")
                .contains("covered: " + covered + " of 713 text ids")
                .containsPattern("context length not known: [1-9][0-9]? of 713 text ids\\R$");
        assertThat(run("mamba-130m")).contains(" unlimited  MambaForCausalLM");
        assertThat(run("show", "mamba-130m-hf")).containsPattern("context +unlimited\\R");
    }

    @Test
    void aFolderThatLoadsIsDescribed() throws IOException {
        write("Qwen3-0.6B-Base");
        assertThat(run("check", folder.resolve("Qwen3-0.6B-Base").toString()))
                .contains(
                        "Qwen3ForCausalLM",
                        "2 layers of 32, 4 heads (2 for keys), vocabulary 96",
                        "4,096 tokens",
                        "quantisation  none",
                        "24 tensors in 1 file(s), ",
                        "tokenizer     2 ids",
                        "chat template qwen3: the model brings none, and the catalog knows the model by the name",
                        "It loads.");
        assertThat(code).isZero();
    }

    @Test
    void everyReasonWhyAFolderDoesNotLoadIsALineOfItsOwn() throws IOException {
        Path bad = write("bad");
        Files.writeString(
                bad.resolve("config.json"), CONFIG.replace("\"intermediate_size\": 48", "\"intermediate_size\": 64"));
        Files.delete(bad.resolve("tokenizer.json"));
        assertThat(run("check", bad.toString()).lines())
                .filteredOn(line -> line.startsWith("  problem"))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("has shape [32, 48]", "needs [32, 64]", "Check intermediate_size"),
                        line -> assertThat(line).contains("no tokenizer.json"));
        assertThat(code).isEqualTo(2);
        Files.writeString(bad.resolve("config.json"), CONFIG.replace("Qwen3ForCausalLM", "Qwen9ForCausalLM"));
        assertThat(run("check", bad.toString())).contains("Did you mean \"Qwen", "2 problem(s)");
        Files.delete(bad.resolve("model.safetensors"));
        Files.writeString(
                bad.resolve("config.json"), CONFIG.replace("\"num_attention_heads\": 4", "\"num_attention_heads\": 3"));
        assertThat(run("check", bad.toString()))
                .contains("num_key_value_heads", "neither model.safetensors", "3 problem(s)");
    }

    @Test
    void anAdapterIsNoModelAndAnIdIsLookedUp() throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), "{}");
        assertThat(run("check", folder.toString())).contains("it is an adapter, not a model");
        assertThat(run("check", "Qwen/Qwen3-0.6B"))
                .contains("apus download Qwen/Qwen3-0.6B", "Its architecture is covered.");
        assertThat(run("check", "IEITYuan/Yuan2-2B-hf")).contains("Cannot load the architecture YuanForCausalLM");
        assertThat(code).isEqualTo(2);
        assertThat(run("check", "./nothing")).contains("it is no folder");
    }

    private Path write(String name) throws IOException {
        Path model = folder.resolve(name);
        try (DecoderModel random = DecoderModel.random(ModelConfig.parse(CONFIG), 7)) {
            random.save(model, 1L << 30);
        }
        Files.writeString(model.resolve("tokenizer.json"), TOKENIZER);
        return model;
    }

    private String run(String... words) {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new ModelsCommand());
        line.setOut(new PrintWriter(out));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            assertThat(failure).isInstanceOf(UserError.class);
            out.append(failure.getMessage());
            return 2;
        });
        code = line.execute(words);
        return out.toString();
    }
}
