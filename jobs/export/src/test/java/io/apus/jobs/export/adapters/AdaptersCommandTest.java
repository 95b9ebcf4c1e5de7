package io.apus.jobs.export.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.jobs.launch.Failures;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.tuner.Adapters;
import io.apus.model.tuner.BaseQuantisation;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AdaptersCommandTest {
    private static final String CONFIG =
            """
            {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_act": "silu", "vocab_size": 48,
             "hidden_size": 16, "intermediate_size": %d, "num_hidden_layers": 2, "num_attention_heads": 2,
             "num_key_value_heads": 1, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
             "rope_theta": 10000.0, "tie_word_embeddings": true, "initializer_range": 0.3}
            """;
    /** Sums in another order. */
    private static final Offset<Float> ROUNDING = Offset.offset(1e-4f);

    @TempDir
    static Path folder;

    private int code;

    @BeforeAll
    static void write() {
        model("base", 24);
        model("other", 32);
        adapter("a", "lora", "base", 1);
        adapter("b", "lora", "base", 2);
        adapter("loha", "loha", "base", 3);
        adapter("foreign", "lora", "other", 4);
    }

    @Test
    void oneAdapterOfTwoGivesTheirWeightedSum() throws IOException {
        assertThat(merge(
                        "cat", "--adapters", at("a"), at("b"), "--weights", "0.7", "-0.3", "--combination_type", "cat"))
                .contains("2 adapters -> " + at("cat"), "fitting " + at("base"));
        assertThat(code).isZero();
        float[] mixed = with("cat");
        assertThat(merge(
                        "folded",
                        "--adapters",
                        "x=" + at("a"),
                        "y=" + at("b"),
                        "--weights",
                        "0.7",
                        "-0.3",
                        "--combination_type",
                        "cat",
                        "--merge_lora",
                        "true"))
                .contains("read again: mean KL");
        assertThat(logits("folded")).containsExactly(mixed, ROUNDING);
        assertThat(mixed).isNotEqualTo(with("a")).isNotEqualTo(with("b"));
        merge("svd", "--adapters", at("a"), at("b"), "--weights", "0.7", "-0.3", "--svd_rank", "16");
        assertThat(with("svd")).as("16 is the sum of the ranks").containsExactly(mixed, ROUNDING);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith(".merging"));
        }
    }

    @Test
    void oneAdapterOfAnyMethodIsFoldedIn() {
        assertThat(merge("whole", "--adapters", at("loha"), "--merge_lora", "true"))
                .contains("1 adapters in");
        assertThat(logits("whole")).containsExactly(with("loha"), ROUNDING);
    }

    @Test
    void whatTheyWereTrainedOnIsKeptAndTheBaseItselfMergedInto() {
        QuantiseSpec nf4 = new QuantiseSpec("bnb", 4, null, null, null, null, null);
        adapter("q1", "lora", "base", 6);
        adapter("q2", "lora", "base", 7);
        BaseQuantisation.write(folder.resolve("q1"), nf4);
        BaseQuantisation.write(folder.resolve("q2"), nf4);
        merge("q12", "--adapters", at("q1"), at("q2"));
        assertThat(BaseQuantisation.read(folder.resolve("q12"))).isEqualTo(nf4);
        assertThat(merge("merged", "--adapters", at("q1"), "--merge_lora", "true"))
                .contains("from the quantised model that was trained 0.");
        assertThat(logits("merged")).containsExactly(with("q1"), ROUNDING);
        merge("mixed", "--adapters", at("q1"), at("a"));
        assertThat(BaseQuantisation.read(folder.resolve("mixed"))).isEqualTo(QuantiseSpec.none());
    }

    @Test
    void dareDependsOnItsSeed() {
        String[] words = {
            "--adapters", at("a"), at("b"), "--combination_type", "dare_ties", "--density", "0.5", "--seed"
        };
        merge("dare1", with(words, "1"));
        merge("dare2", with(words, "1"));
        merge("dare3", with(words, "2"));
        assertThat(with("dare1")).isEqualTo(with("dare2")).isNotEqualTo(with("dare3"));
    }

    @Test
    void showsWhatAnAdapterIs() {
        assertThat(run("show", at("a")))
                .contains("LORA", at("base"), "lora_alpha         32", "r                  8", "of F32")
                .containsPattern("targets +down_proj, ")
                .containsPattern("parameters +[0-9]");
        assertThat(run("show", at("nothing")))
                .contains("Cannot load adapter", "has no adapter_config.json")
                .hasLineCount(1);
        assertThat(code).isEqualTo(2);
    }

    @Test
    void misfitsAreSaidInOneLine() {
        refused("a is for the base model", "--adapters", at("a"), at("foreign"));
        refused("is for another base model", "--adapters", at("foreign"), "--model", at("base"));
        refused("there are 2 adapters and 1 weights", "--adapters", at("a"), at("b"), "--weights", "1");
        refused("Did you mean \"ties\"?", "--adapters", at("a"), at("b"), "--combination_type", "tiess");
        refused("density is missing", "--adapters", at("a"), at("b"), "--combination_type", "ties");
        refused("its peft_type is LOHA", "--adapters", at("a"), at("loha"));
        refused("two adapters are called \"a\"", "--adapters", at("a"), "a=" + at("b"));
        refused("has no config.json", "--adapters", at("a"), "--model", at("a"));
        assertThat(merge("a", "--adapters", at("a"), at("b"))).contains("it exists already");
    }

    private void refused(String cause, String... words) {
        assertThat(merge("refused", words)).contains(cause).hasLineCount(1);
        assertThat(code).isEqualTo(2);
        assertThat(Files.exists(folder.resolve("refused"))).isFalse();
    }

    private String merge(String target, String... words) {
        return run(with(with(new String[] {"merge"}, words), "--output_dir", at(target)));
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    private String run(String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        CommandLine line = new CommandLine(new AdaptersCommand());
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setExecutionExceptionHandler((failure, command, parsed) -> Failures.report(failure, out));
        code = line.execute(words);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String at(String name) {
        return folder.resolve(name).toString();
    }

    private static void model(String name, int intermediate) {
        try (DecoderModel model = DecoderModel.random(ModelConfig.parse(CONFIG.formatted(intermediate)), 5)) {
            model.save(folder.resolve(name), 1L << 30);
        }
    }

    private static void adapter(String name, String type, String base, long seed) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                DecoderModel model = DecoderModel.load(folder.resolve(base))) {
            Tuner tuner = Tuners.of(TunerSpec.of(type));
            tuner.attach(model, seed);
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            model.parameters().values().stream().filter(Parameter::trainable).forEach(p -> p.tensor()
                    .add_(Torch.emptyFloats(p.shape()).normal_(0, 0.05, generator)));
            tuner.save(model, folder.resolve(name), folder.resolve(base).toString());
        }
    }

    private static float[] with(String adapter) {
        try (DecoderModel model = DecoderModel.load(folder.resolve("base"))) {
            Adapters.load(model, folder.resolve(adapter), false);
            return logits(model);
        }
    }

    private static float[] logits(String model) {
        try (DecoderModel loaded = DecoderModel.load(folder.resolve(model))) {
            return logits(loaded);
        }
    }

    private static float[] logits(DecoderModel model) {
        try (Scope scope = Scope.open()) {
            return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(new long[] {5, 9, 40, 33, 12}, 5), null)));
        }
    }
}
