package io.apus.jobs.eval.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.jobs.eval.TinyFolder;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.BaseQuantisation;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InferCommandTest {
    @TempDir
    static Path folder;

    private static String model;

    @BeforeAll
    static void write() throws IOException {
        model = TinyFolder.write(folder.resolve("model"), 11).toString();
    }

    @Test
    void answersOnePromptTheSameStreamedOrNot() {
        String streamed = run("", "--model", model, "--prompt", "Who are you?", "--max_new_tokens", "12");
        String whole =
                run("", "--model", model, "--prompt", "Who are you?", "--max_new_tokens", "12", "--stream", "false");
        assertThat(streamed).isEqualTo(whole).endsWith(System.lineSeparator()).isNotBlank();
    }

    @Test
    void samplingDependsOnTheSeedAndTheSystemPromptCounts() {
        String[] words = {"--model", model, "--prompt", "Hi", "--temperature", "1.5", "--max_new_tokens", "20", "--seed"
        };
        String first = run("", with(words, "1"));
        assertThat(run("", with(words, "1"))).isEqualTo(first);
        assertThat(run("", with(words, "2"))).isNotEqualTo(first);
        assertThat(run("", with(words, "1", "--system", "Be brief."))).isNotEqualTo(first);
        assertThat(run("", with(words, "1", "--enable_thinking", "false"))).isNotEqualTo(first);
    }

    @Test
    void chatsWithHistoryUntilToldToQuit() {
        String once = answerOf(chat("Hi\nquit\nnever read\n"), 1);
        String twice = chat("Hi\nHi\nclear\nHi\nexit\n");
        assertThat(answerOf(twice, 1)).isEqualTo(once);
        assertThat(answerOf(twice, 2)).isNotEqualTo(once);
        assertThat(answerOf(twice, 4)).as("after clear").isEqualTo(once);
    }

    @Test
    void questionsMayHaveSeveralLinesAndTheSystemPromptMayChange() {
        String chat = chat(
                "Hi\nmulti-line\nsingle-line\nreset-system\nSpeak up.\nHi\nmulti-line\nreset-system\n#\nHi#\nquit\n");
        assertThat(chat).contains("[multi-line]> ", "system> ");
        String[] answers = chat.split("> ", -1);
        String plain = answers[1];
        assertThat(answers[6]).as("with a system prompt").isNotBlank().isNotEqualTo(plain);
        assertThat(answers[10]).as("without one again").startsWith(plain);
    }

    @Test
    void adaptersAreChosenByNameAndMixedByWeights() throws IOException {
        String a = adapter("a", 1);
        String b = adapter("b", 2);
        String base = answer();
        String first = answer("--adapters", a);
        String second = answer("--adapters", b);
        assertThat(Set.of(base, first, second)).hasSize(3);
        assertThat(answer("--adapters", a, b)).as("the first acts").isEqualTo(first);
        assertThat(answer("--adapters", a, b, "--adapter_name", "b")).isEqualTo(second);
        assertThat(answer("--adapters", "x=" + a, "y=" + b, "--adapter_name", "y"))
                .isEqualTo(second);
        assertThat(answer("--adapters", a, "--adapter_name", "base")).isEqualTo(base);
        assertThat(answer("--adapters", a, b, "--adapter_name", "a=1", "b=0")).isEqualTo(first);
        assertThat(answer("--adapters", a, b, "--adapter_name", "a=-1.5", "b=1.5"))
                .isNotIn(base, first, second);
        String chat = run(
                String.join(
                        System.lineSeparator(),
                        List.of(
                                "Hi",
                                "switch-adapter",
                                "b",
                                "clear",
                                "Hi",
                                "switch-adapter",
                                "a=0 b=1",
                                "clear",
                                "Hi",
                                "switch-adapter",
                                "c",
                                "switch-adapter",
                                "base",
                                "clear",
                                "Hi",
                                "quit",
                                "")),
                "--model",
                model,
                "--adapters",
                a,
                b,
                "--max_new_tokens",
                "10");
        assertThat(chat)
                .containsSubsequence(
                        first.strip(),
                        "adapter (base, a, b)> ",
                        second.strip(),
                        second.strip(),
                        "Unknown adapter",
                        base.strip());
    }

    @Test
    void whatCannotBeChosenIsSaid() throws IOException {
        String a = adapter("c", 1);
        for (String[] words : new String[][] {
            {"\"c\" has no weight", "--adapter_name", "c", "d"},
            {"\"d\" has no weight", "--adapters", a, "--adapter_name", "c=1", "d"},
            {"stands there twice", "--adapters", a, "--adapter_name", "c=1", "c=2"},
            {"is no weight", "--adapters", a, "--adapter_name", "c=NaN"},
            {"Did you mean \"c\"?", "--adapters", a, "--adapter_name", "d"},
            {"without adapters that have names", "--adapter_name", "c"},
            {"two adapters are called", "--adapters", a, a},
            {"cannot be an adapter's name", "--adapters", "base=" + a}
        }) {
            assertThatThrownBy(() -> answer(Arrays.copyOfRange(words, 1, words.length)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(words[0]);
        }
    }

    @Test
    void anAdapterFindsTheBaseThatItWasTrainedOn() throws IOException {
        String trained = adapter("trained", 7);
        String floats = answer("--adapters", trained);
        String[] coarse = {"--adapters", trained, "--quant_method", "hqq", "--quant_bits", "2"};
        String quantised = answer(coarse);
        assertThat(quantised).isNotEqualTo(floats);
        BaseQuantisation.write(Path.of(trained), new QuantiseSpec("hqq", 2, null, null, null, null, null));
        assertThat(answer("--adapters", trained)).isEqualTo(quantised);
        assertThat(answer("--adapters", "x=" + trained)).as("by name").isEqualTo(quantised);
        assertThat(answer("--adapters", trained, "--load_args", "false")).isEqualTo(floats);
        assertThat(answer("--adapters", trained, "--quant_method", "hqq", "--quant_bits", "8"))
                .isNotEqualTo(quantised);
        assertThatThrownBy(() -> answer("--adapters", trained, adapter("plain", 8)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("quantised differently")
                .hasMessageContaining("--load_args false");
        assertThatThrownBy(() -> answer("--bnb_4bit_quant_type", "fp4")).hasMessageContaining("does nothing without");
    }

    private static String answer(String... more) {
        return run("", with(new String[] {"--model", model, "--prompt", "Hi", "--max_new_tokens", "10"}, more));
    }

    /** An adapter that says something else than its base. */
    private static String adapter(String name, long seed) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                DecoderModel loaded = DecoderModel.load(Path.of(model))) {
            Tuner tuner = Tuners.of(TunerSpec.of("lora"));
            tuner.attach(loaded, seed);
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            loaded.parameters().values().stream().filter(Parameter::trainable).forEach(p -> p.tensor()
                    .add_(Torch.emptyFloats(p.shape()).normal_(0, 0.3, generator)));
            tuner.save(loaded, folder.resolve(name), model);
        }
        return folder.resolve(name).toString();
    }

    @Test
    void endsWhenTheInputEnds() {
        assertThat(chat("Hi")).isNotEmpty();
        assertThat(chat("multi-line\na question without its end")).isNotEmpty();
    }

    @Test
    void saysClearlyWhatIsWrong() throws IOException {
        assertThatThrownBy(() -> run("", "--prompt", "x"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--model");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> run("", "--model", empty.toString(), "--prompt", "x"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no config.json")
                .hasMessageContaining("export/hf");
        assertThatThrownBy(() -> run("", "--model", folder.resolve("absent").toString(), "--prompt", "x"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not a folder");
        assertThatThrownBy(() -> run("", "--model", model, "--prompt", "x", "--top_p", "2"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("top_p");
    }

    @Test
    void defaultsComeFromTheGenerationConfig() throws IOException {
        Path config = Files.createDirectories(folder.resolve("defaults"));
        assertThat(GenerationDefaults.read(config)).isEqualTo(new GenerationDefaults(0, 50, 1, 1));
        Files.writeString(
                config.resolve("generation_config.json"),
                "{\"do_sample\": true, \"temperature\": 0.6, \"top_k\": 20, \"top_p\": 0.95, \"repetition_penalty\": 1.05}");
        assertThat(GenerationDefaults.read(config)).isEqualTo(new GenerationDefaults(0.6, 20, 0.95, 1.05));
    }

    private static String chat(String input) {
        return run(input, "--model", model, "--max_new_tokens", "10");
    }

    private static String answerOf(String chat, int question) {
        return chat.split("> ", -1)[question];
    }

    private static String[] with(String[] words, String... more) {
        String[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }

    private static String run(String input, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InferCommand command = new InferCommand(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            new CommandLine(command).parseArgs(words);
            command.call();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
