package io.apus.corpus.template;

import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Turns a conversation into the text that a model reads, and tells which characters of it the assistant produces: the model's own Jinja
 * template, or one of the named templates. Immutable and safe for use by several threads.
 */
public interface ChatTemplate {
    /**
     * Reads the template of a Hugging Face model folder: chat_template.jinja, or {@code chat_template} of tokenizer_config.json (one
     * template or several by name) or of chat_template.json.
     *
     * @throws UserError when the folder has none
     */
    static ChatTemplate read(Path folder) {
        return find(folder)
                .orElseThrow(
                        () -> new UserError(
                                "Cannot render conversations for " + folder,
                                "neither tokenizer_config.json nor chat_template.jinja in it has a chat template",
                                "Name one with template, add a chat_template.jinja, or train on plain text with use_chat_template false."));
    }

    /** As {@link #read}, empty where the folder has no template. */
    static Optional<ChatTemplate> find(Path folder) {
        return JinjaChatTemplate.find(folder);
    }

    /** A Jinja template from its source and the special tokens by role ({@code eos_token} ...). */
    static ChatTemplate of(String source, Map<String, String> specialTokens) {
        return of(source, specialTokens, ZonedDateTime::now);
    }

    /** As {@link #of(String, Map)}, with the clock that {@code strftime_now} reads. */
    static ChatTemplate of(String source, Map<String, String> specialTokens, Supplier<ZonedDateTime> clock) {
        return JinjaChatTemplate.of(source, specialTokens, clock);
    }

    SpecialTokens specialTokens();

    /** Whether a turn may carry an empty thinking block of the template's making. */
    boolean isHybridThinking();

    /** Whether what the tokenizer itself puts before a text stands before the rendering too. */
    default boolean addsPrefixTokens() {
        return false;
    }

    /** Whether the variable {@code response_prefix} is written behind the generation prompt by the template itself. */
    default boolean writesResponsePrefix() {
        return false;
    }

    /**
     * What a training text lacks behind its last turn, so that the model learns to stop: the mark of the turns before it or the
     * end-of-sequence token for templates that write nothing there, otherwise empty. ms-swift ends these models' texts in the same way.
     */
    default String missingEnd() {
        return "";
    }

    /** Texts at which generation ends, besides the end-of-sequence token. */
    default List<String> stopWords() {
        return List.of();
    }

    /**
     * Renders a conversation.
     *
     * @param toolsJson the tools as the JSON text of a list, or null
     * @param kwargs further template variables, such as {@code enable_thinking}
     * @param addGenerationPrompt whether to end with what asks the assistant to speak
     * @throws UserError when the template refuses the conversation
     */
    String render(List<Message> messages, String toolsJson, Map<String, ?> kwargs, boolean addGenerationPrompt);

    /** Renders a whole conversation for training, with the assistant's turns in it. */
    Rendered renderWithMask(List<Message> messages, String toolsJson, Map<String, ?> kwargs);
}
