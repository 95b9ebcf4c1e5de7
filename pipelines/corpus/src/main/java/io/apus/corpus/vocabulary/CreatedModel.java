package io.apus.corpus.vocabulary;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.spec.CreateModelSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The folder of a model made from scratch: everything that Hugging Face's folders hold except the weights, which come from the seed. */
public final class CreatedModel {
    public static final String END_OF_TEXT = "<|endoftext|>";
    public static final String TURN_START = "<|im_start|>";
    public static final String TURN_END = "<|im_end|>";

    /** ChatML: every turn between the two marks, the role on a line of its own. */
    static final String CHAT_TEMPLATE =
            """
            {%- for message in messages %}
            {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
            {%- endfor %}
            {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\\n' }}
            {%- endif %}
            """
                    .strip();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = new JsonMapper();

    private CreatedModel() {}

    /**
     * Learns a vocabulary from {@code counts} ({@link WordCounts}) and writes config.json, generation_config.json, tokenizer.json and
     * tokenizer_config.json into {@code folder}. Equal counts and specs give equal bytes. I/O errors come as UncheckedIOException.
     */
    public static Vocabulary write(Path folder, CreateModelSpec spec, Map<String, Long> counts) {
        Vocabulary vocabulary = Vocabulary.train(counts, spec.vocabSize(), List.of(END_OF_TEXT, TURN_START, TURN_END));
        int end = vocabulary.specialId(TURN_END);
        int pad = vocabulary.specialId(END_OF_TEXT);
        ObjectNode generation = NODES.objectNode().putNull("bos_token_id").put("do_sample", false);
        generation.putArray("eos_token_id").add(end).add(pad);
        generation.put("pad_token_id", pad);
        try {
            Files.createDirectories(folder);
            write(folder.resolve("config.json"), ModelConfig.of(spec, vocabulary.size(), end, pad));
            write(folder.resolve("generation_config.json"), generation);
            write(folder.resolve("tokenizer.json"), TokenizerJson.of(vocabulary));
            write(folder.resolve("tokenizer_config.json"), tokenizerConfig(spec, vocabulary));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model into " + folder, e);
        }
        return vocabulary;
    }

    private static ObjectNode tokenizerConfig(CreateModelSpec spec, Vocabulary vocabulary) {
        ObjectNode config = NODES.objectNode().put("add_bos_token", false).put("add_prefix_space", false);
        ObjectNode decoder = config.putObject("added_tokens_decoder");
        for (String token : vocabulary.specialTokens()) {
            decoder.set(String.valueOf(vocabulary.specialId(token)), TokenizerJson.addedToken(token));
        }
        config.putArray("additional_special_tokens").add(TURN_START).add(TURN_END);
        config.putNull("bos_token").put("chat_template", CHAT_TEMPLATE);
        config.put("clean_up_tokenization_spaces", false)
                .put("eos_token", TURN_END)
                .put("errors", "replace");
        config.put("model_max_length", spec.maxPositionEmbeddings()).put("pad_token", END_OF_TEXT);
        config.put("split_special_tokens", false)
                .put("tokenizer_class", "Qwen2Tokenizer")
                .putNull("unk_token");
        return config;
    }

    /** Line ends are the same on every system, for the bytes are hashed. */
    static void write(Path file, ObjectNode json) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        Files.writeString(file, MAPPER.writer(printer).writeValueAsString(json) + "\n", StandardCharsets.UTF_8);
    }
}
