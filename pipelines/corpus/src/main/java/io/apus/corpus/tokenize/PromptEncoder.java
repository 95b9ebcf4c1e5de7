package io.apus.corpus.tokenize;

import io.apus.corpus.template.ChatTemplate;
import io.apus.corpus.template.Rendered;
import io.apus.corpus.template.SpecialTokens;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.spec.TokenizeSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What evaluation and inference need of a model's tokenizer and template: prompts, scored continuations, stop tokens. */
public final class PromptEncoder {
    /**
     * A text of two parts as tokens of the whole.
     *
     * @param ids token ids of context and continuation tokenised at once
     * @param boundary index of the first token that holds a character of the continuation
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Continuation(int[] ids, int boundary) {}

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final Set<Integer> stopTokens;
    private final TokenizeSpec spec;

    private PromptEncoder(Tokenizer tokenizer, ChatTemplate template, Set<Integer> stopTokens, TokenizeSpec spec) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.stopTokens = stopTokens;
        this.spec = spec;
    }

    /** For a Hugging Face model folder and its own template; it may lack one as long as only plain text is asked for. */
    public static PromptEncoder of(Path modelFolder) {
        return of(modelFolder, new TokenizeSpec(null, null, null, null, null, null));
    }

    /** For a Hugging Face model folder with the template, the thinking switches and the variables of a run. */
    public static PromptEncoder of(Path modelFolder, TokenizeSpec spec) {
        Tokenizer tokenizer = Tokenizers.load(modelFolder);
        ChatTemplate template = Templates.find(modelFolder, spec, tokenizer).orElse(null);
        Set<Integer> stop = new TreeSet<>(ModelLimits.eosTokenIds(modelFolder.resolve("generation_config.json")));
        stop.addAll(ModelLimits.eosTokenIds(modelFolder.resolve("config.json")));
        String eos = SpecialTokens.read(modelFolder).eos();
        if (eos != null) {
            tokenizer.addedToken(eos).ifPresent(stop::add);
        }
        if (template != null) {
            endOfTurn(tokenizer, template, stop);
            template.stopWords().forEach(word -> single(tokenizer, word, stop));
        }
        return new PromptEncoder(tokenizer, template, Set.copyOf(stop), spec);
    }

    /** A stop word that is one token; ms-swift also watches for longer ones in the text. */
    private static void single(Tokenizer tokenizer, String word, Set<Integer> stop) {
        int[] ids = tokenizer.ids(word);
        if (ids.length == 1) {
            stop.add(ids[0]);
        }
    }

    /** The first special token that the template writes behind an assistant's content. */
    private static void endOfTurn(Tokenizer tokenizer, ChatTemplate template, Set<Integer> stop) {
        List<Message> probe =
                List.of(new Message(Roles.USER, "a"), new Message(Roles.ASSISTANT, "b"), new Message(Roles.USER, "c"));
        try {
            Rendered rendered = template.renderWithMask(probe, null, Map.of());
            if (rendered.turns().isEmpty()) {
                return;
            }
            Rendered.Turn turn = rendered.turns().get(0);
            String text = rendered.text().substring(turn.start(), turn.end());
            for (int id : tokenizer.ids(text.substring(text.lastIndexOf('b') + 1))) {
                if (tokenizer.isSpecial(id)) {
                    stop.add(id);
                    return;
                }
            }
        } catch (UserError refused) {
            // A template that refuses the probe has its end-of-sequence token only.
        }
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Ids at which generation ends: end of sequence (generation_config.json, config.json, tokenizer_config.json) and end of turn. */
    public Set<Integer> stopTokens() {
        return stopTokens;
    }

    /** Whether conversations can be rendered. */
    public boolean hasChatTemplate() {
        return template != null;
    }

    /** The ids of a conversation with the generation prompt behind it. */
    public int[] prompt(List<Message> messages, String toolsJson, Map<String, ?> kwargs) {
        int[] ids = tokenizer.ids(promptText(messages, toolsJson, kwargs));
        return template.addsPrefixTokens() ? prefixed(ids) : ids;
    }

    /** The text of a conversation with the generation prompt behind it; {@code kwargs} overrule the run's variables. */
    public String promptText(List<Message> messages, String toolsJson, Map<String, ?> kwargs) {
        if (template == null) {
            throw new UserError(
                    "Cannot prompt the model with messages",
                    "it has no chat template",
                    "Give plain text, name a template, or add a chat_template.jinja to its folder.");
        }
        Map<String, Object> variables = new HashMap<>(Templates.kwargs(spec));
        variables.putAll(kwargs);
        String text =
                template.render(Conversation.prepared(messages, Templates.system(spec)), toolsJson, variables, true);
        Object prefix = template.writesResponsePrefix() ? null : variables.get("response_prefix");
        return prefix == null ? text : text + prefix;
    }

    /** The ids of plain text, after what the tokenizer itself puts before a text. */
    public int[] plain(String text) {
        return prefixed(tokenizer.ids(text));
    }

    /** Context and continuation for scoring the continuation's likelihood; whitespace at the end of the context counts to the continuation. */
    public Continuation continuation(String context, String continuation) {
        Encoded encoded = tokenizer.encode(context + continuation);
        int boundary = encoded.firstTokenBehind(context.stripTrailing().length());
        return new Continuation(prefixed(encoded.ids()), boundary + tokenizer.prefixIds().length);
    }

    private int[] prefixed(int[] ids) {
        int[] prefix = tokenizer.prefixIds();
        int[] all = java.util.Arrays.copyOf(prefix, prefix.length + ids.length);
        System.arraycopy(ids, 0, all, prefix.length, ids.length);
        return all;
    }
}
