package io.apus.corpus.template.named;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.corpus.template.SpecialTokens;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The frame that a template puts around turns, as ms-swift defines it. {{SYSTEM}}, {{QUERY}}, {{ROUND0}} and {{ROUND1}} (the number of the
 * round from 0 and from 1) stand for texts, {{BOS}} and {{EOS}} for the tokenizer's tokens, {{ID:n}} for the token n, {{DATE}} for the day.
 *
 * @param name ms-swift's {@code template_type}
 * @param prefix what opens a conversation without a system text
 * @param systemPrefix what opens one with a system text; null where the template has no place for one there
 * @param prompt a user's turn up to where the assistant begins
 * @param postSystemPrompt the last user's turn with the system text in it, for templates that put it there; null otherwise
 * @param chatSep what ends an assistant's turn before another; null for templates of a single round
 * @param suffix what ends the last one
 * @param defaultSystem the system text of conversations without one, or null
 * @param stopWords texts that end a generation besides suffix and end-of-sequence token
 * @param autoAddBos whether the tokenizer's own beginning comes first
 * @param isThinking whether the models think
 * @param thinkingPrefix what a generation begins with when thinking is on
 * @param nonThinkingPrefix what an answer without thinking begins with
 * @param historyThinkingPrefix what stands for the thinking of earlier rounds
 * @param preserveThinking whether earlier rounds keep theirs; null leaves it to the run
 * @param agentTemplate the models' tool-calling format, or null
 * @param prefixOnlyAfterUser whether answers to tools go without the non-thinking prefix
 * @param style name of what the frame cannot say (see {@link Styles})
 */
public record NamedTemplate(
        String name,
        String prefix,
        String systemPrefix,
        String prompt,
        String postSystemPrompt,
        String chatSep,
        String suffix,
        String defaultSystem,
        List<String> stopWords,
        boolean autoAddBos,
        boolean isThinking,
        String thinkingPrefix,
        String nonThinkingPrefix,
        String historyThinkingPrefix,
        Boolean preserveThinking,
        String agentTemplate,
        boolean prefixOnlyAfterUser,
        String style) {
    private static final Pattern TOKEN = Pattern.compile("\\{\\{(BOS|EOS|ID:(\\d+))\\}\\}");

    static NamedTemplate read(String name, JsonNode entry) {
        List<String> stopWords = new ArrayList<>();
        entry.path("stop_words").forEach(word -> stopWords.add(word.asText()));
        return new NamedTemplate(
                name,
                entry.path("prefix").asText(),
                textOrNull(entry, "system_prefix"),
                entry.path("prompt").asText(),
                textOrNull(entry, "post_system_prompt"),
                textOrNull(entry, "chat_sep"),
                entry.path("suffix").asText(),
                textOrNull(entry, "default_system"),
                List.copyOf(stopWords),
                entry.path("auto_add_bos").asBoolean(),
                entry.path("is_thinking").asBoolean(),
                entry.path("thinking_prefix").asText(),
                entry.path("non_thinking_prefix").asText(),
                entry.path("history_thinking_prefix").asText(),
                entry.has("preserve_thinking") ? entry.get("preserve_thinking").asBoolean() : null,
                textOrNull(entry, "agent_template"),
                entry.path("non_thinking_prefix_only_after_user").asBoolean(),
                entry.path("style").asText("plain"));
    }

    private static String textOrNull(JsonNode entry, String key) {
        return entry.has(key) ? entry.get(key).asText() : null;
    }

    /** Whether answers may begin with an empty thinking block of the template's making. */
    boolean isHybridThinking() {
        return isThinking && !nonThinkingPrefix.isEmpty();
    }

    /**
     * The frame with a tokenizer's tokens in it.
     *
     * @param token the text of a token by its id
     * @throws UserError where the tokenizer lacks one that the frame names
     */
    NamedTemplate with(SpecialTokens tokens, IntFunction<String> token) {
        List<String> words =
                stopWords.stream().map(word -> filled(word, tokens, token)).toList();
        return new NamedTemplate(
                name,
                filled(prefix, tokens, token),
                filled(systemPrefix, tokens, token),
                filled(prompt, tokens, token),
                filled(postSystemPrompt, tokens, token),
                filled(chatSep, tokens, token),
                filled(suffix, tokens, token),
                defaultSystem,
                words,
                autoAddBos,
                isThinking,
                thinkingPrefix,
                nonThinkingPrefix,
                historyThinkingPrefix,
                preserveThinking,
                agentTemplate,
                prefixOnlyAfterUser,
                style);
    }

    private String filled(String text, SpecialTokens tokens, IntFunction<String> token) {
        if (text == null) {
            return null;
        }
        Matcher matcher = TOKEN.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(filled, Matcher.quoteReplacement(token(matcher, tokens, token)));
        }
        return matcher.appendTail(filled).toString();
    }

    private String token(Matcher mark, SpecialTokens tokens, IntFunction<String> token) {
        String text = mark.group(2) != null
                ? token.apply(Integer.parseInt(mark.group(2)))
                : mark.group(1).equals("BOS") ? tokens.bos() : tokens.eos();
        if (text == null) {
            throw new UserError(
                    "Cannot use the template " + name,
                    "it needs the tokenizer's " + mark.group(1).toLowerCase(java.util.Locale.ROOT)
                            + " token, which tokenizer_config.json does not name",
                    "Name it there, or choose another template.");
        }
        return text;
    }
}
