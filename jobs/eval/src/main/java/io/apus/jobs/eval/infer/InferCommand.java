package io.apus.jobs.eval.infer;

import io.apus.corpus.template.ChatTemplate;
import io.apus.corpus.tokenize.SystemPrompt;
import io.apus.eval.generate.GenerationSettings;
import io.apus.jobs.eval.ChatCodec;
import io.apus.jobs.eval.CodecSettings;
import io.apus.jobs.eval.ModelFolders;
import io.apus.jobs.launch.ConfFolder;
import io.apus.jobs.launch.catalog.ModelCatalog;
import io.apus.jobs.launch.catalog.TemplateChoice;
import io.apus.jobs.launch.command.NamedAdapters;
import io.apus.model.DecoderModel;
import io.apus.model.tuner.lora.CombinationType;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TokenizeSpec;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code apus infer}: talks to a Hugging Face folder, without Spark; options and defaults are ms-swift's. */
@Command(
        name = "infer",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Answers a prompt with a model, or chats when no prompt is given.")
public final class InferCommand implements Callable<Integer> {
    private final InputStream in;
    private final PrintStream out;

    @Option(
            names = "--model",
            paramLabel = "FOLDER",
            description = "Hugging Face folder of the model; the adapter's base when left out")
    private Path model;

    @Option(
            names = "--adapters",
            arity = "1..*",
            paramLabel = "[NAME=]FOLDER",
            description =
                    "PEFT adapter folders; of several, or of ones with names, the first acts until another is chosen")
    private List<String> adapters = new ArrayList<>();

    @Option(
            names = "--adapter_name",
            arity = "1..*",
            paramLabel = "NAME[=WEIGHT]",
            description = "adapter that acts, base for none, or several by weights")
    private List<String> adapterName = new ArrayList<>();

    @Option(
            names = "--combination_type",
            defaultValue = "cat",
            paramLabel = "NAME",
            description = "how adapters are mixed: cat, linear or svd (${DEFAULT-VALUE})")
    private String combinationType;

    @Mixin
    private QuantiseOptions quantiseOptions;

    @Option(names = "--prompt", description = "one question; without it, a chat")
    private String prompt;

    @Option(names = "--system", description = "system prompt, or a .txt file that holds it")
    private String system;

    @Option(
            names = "--max_new_tokens",
            defaultValue = "256",
            description = "most tokens of an answer (${DEFAULT-VALUE})")
    private int maxNewTokens;

    @Option(
            names = "--temperature",
            description = "0 is greedy; generation_config.json when left out, as for the next three")
    private Double temperature;

    @Option(names = "--top_k", description = "sample among the K most probable tokens; 0 switches it off")
    private Integer topK;

    @Option(names = "--top_p", description = "sample among the fewest tokens that have this probability together")
    private Double topP;

    @Option(names = "--repetition_penalty", description = "above 1 makes tokens that were seen less probable")
    private Double repetitionPenalty;

    @Option(names = "--seed", defaultValue = "42", description = "decides the draws (${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--stream",
            arity = "1",
            defaultValue = "true",
            description = "print words as they come (${DEFAULT-VALUE})")
    private boolean stream;

    @Option(names = "--enable_thinking", arity = "1", description = "true or false for templates that know it")
    private Boolean enableThinking;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "chat template by name; the model's own when left out, or the catalog's")
    private String template;

    @Option(names = "--response_prefix", paramLabel = "TEXT", description = "what every answer begins with")
    private String responsePrefix;

    @Option(
            names = "--preserve_thinking",
            arity = "1",
            description =
                    "true keeps the thinking of earlier answers, false drops it; the template decides when left out")
    private Boolean preserveThinking;

    /** Reads standard input and writes standard output, both UTF-8. */
    public InferCommand() {
        this(
                new FileInputStream(FileDescriptor.in),
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    }

    InferCommand(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, Path> named = NamedAdapters.of(adapters);
        Path first = named.isEmpty() ? null : named.values().iterator().next();
        ModelFolders folders = ModelFolders.of(model, first);
        system = SystemPrompt.text(system);
        ChatCodec codec = ChatCodec.open(folders.tokenizer(), CodecSettings.of(templateSettings(folders.base())));
        try (SwitchableModel loaded = load(folders, named)) {
            ChatModel chat =
                    new ChatModel(loaded.model(), codec, settings(folders.base(), stopIds(loaded.model(), codec)));
            if (prompt == null) {
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
                new ChatLoop(chat, loaded, system, stream, lines, out).run();
            } else {
                answer(chat);
            }
        }
        return 0;
    }

    /** One adapter without a name is folded into the weights, which is faster and serves every method. */
    private SwitchableModel load(ModelFolders folders, Map<String, Path> named) {
        boolean switched =
                named.size() > 1 || !adapterName.isEmpty() || adapters.stream().anyMatch(NamedAdapters::isNamed);
        CombinationType mixing = CombinationType.named(combinationType);
        QuantiseSpec quantise = quantiseOptions.of(
                named.isEmpty() ? Stream.ofNullable(folders.adapter()).toList() : named.values());
        SwitchableModel loaded = switched && !named.isEmpty()
                ? SwitchableModel.of(folders.base(), quantise, named, mixing)
                : SwitchableModel.fixed(folders, quantise);
        try {
            if (!adapterName.isEmpty()) {
                loaded.use(adapterName);
            }
            return loaded;
        } catch (UserError e) {
            loaded.close();
            throw e;
        }
    }

    private TokenizeSpec templateSettings(Path base) {
        if (template == null && ChatTemplate.find(base).isEmpty()) {
            ModelCatalog catalog = new ModelCatalog(ConfFolder.find(Optional.empty()));
            template = TemplateChoice.of(catalog, base.toString(), base, null).template();
        }
        return new TokenizeSpec(
                null,
                null,
                null,
                null,
                true,
                enableThinking,
                template,
                null,
                null,
                responsePrefix,
                preserveThinking,
                null,
                null,
                null,
                null,
                null);
    }

    /** An adapter's folder that brings the tokenizer has no config.json, which may name some. */
    private static Set<Integer> stopIds(DecoderModel model, ChatCodec codec) {
        Set<Integer> all = new TreeSet<>(codec.stopIds());
        all.addAll(model.config().eosTokenIds());
        return all;
    }

    private GenerationSettings settings(Path base, Set<Integer> stopIds) {
        GenerationDefaults defaults = GenerationDefaults.read(base);
        return new GenerationSettings(
                maxNewTokens,
                temperature == null ? defaults.temperature() : temperature,
                topK == null ? defaults.topK() : topK,
                topP == null ? defaults.topP() : topP,
                repetitionPenalty == null ? defaults.repetitionPenalty() : repetitionPenalty,
                seed,
                stopIds);
    }

    private void answer(ChatModel chat) {
        List<Message> conversation = new ArrayList<>();
        if (system != null) {
            conversation.add(new Message(Roles.SYSTEM, system));
        }
        conversation.add(new Message(Roles.USER, prompt));
        String answer = chat.answer(conversation, piece -> {
            if (stream) {
                out.print(piece);
                out.flush();
            }
        });
        out.println(stream ? "" : answer);
    }
}
