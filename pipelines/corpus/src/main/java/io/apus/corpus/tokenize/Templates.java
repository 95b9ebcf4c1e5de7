package io.apus.corpus.tokenize;

import io.apus.corpus.template.ChatTemplate;
import io.apus.corpus.template.SpecialTokens;
import io.apus.corpus.template.named.NamedChatTemplate;
import io.apus.corpus.template.named.NamedTemplate;
import io.apus.corpus.template.named.NamedTemplates;
import io.apus.schemas.spec.TokenizeSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Chooses the chat template of a run, and what it is rendered with. */
public final class Templates {
    private Templates() {}

    /**
     * The named template where the run names one, otherwise the model's own; empty where it has none either.
     *
     * @throws io.apus.schemas.UserError for an unknown name
     */
    public static Optional<ChatTemplate> find(Path modelFolder, TokenizeSpec spec, Tokenizer tokenizer) {
        if (spec.template() == null || !isNamed(spec)) {
            return ChatTemplate.find(modelFolder);
        }
        return Optional.of(NamedChatTemplate.of(
                spec.template(),
                spec.agentTemplate(),
                SpecialTokens.read(modelFolder),
                id -> tokenizer.decode(new int[] {id}, false),
                spec.lossScaleBase().equals("last_round")));
    }

    private static boolean isNamed(TokenizeSpec spec) {
        return spec.templateBackend().equals("swift");
    }

    /** The system prompt of conversations without one: the run's, or what a named template lends the model's own; null for none. */
    public static String system(TokenizeSpec spec) {
        if (spec.system() != null || isNamed(spec) || spec.template() == null) {
            return spec.system();
        }
        return NamedTemplates.get(spec.template()).defaultSystem();
    }

    /**
     * The variables that the run gives its template. The thinking switch goes by both names that models' own templates have for it,
     * {@code enable_thinking} and {@code thinking}.
     */
    public static Map<String, Object> kwargs(TokenizeSpec spec) {
        Map<String, Object> kwargs = new HashMap<>();
        Boolean thinks = spec.enableThinking();
        if (thinks == null && !isNamed(spec) && spec.template() != null) {
            NamedTemplate lender = NamedTemplates.get(spec.template());
            thinks = lender.isThinking() ? (Boolean) lender.nonThinkingPrefix().isEmpty() : null;
        }
        if (thinks != null) {
            kwargs.put("enable_thinking", thinks);
            kwargs.put("thinking", thinks);
        }
        if (spec.preserveThinking() != null) {
            kwargs.put("preserve_thinking", spec.preserveThinking());
        }
        if (isNamed(spec) && spec.template() != null) {
            kwargs.put("add_non_thinking_prefix", spec.addNonThinkingPrefix());
        }
        if (spec.responsePrefix() != null) {
            kwargs.put("response_prefix", spec.responsePrefix().replace("\\n", "\n"));
        }
        spec.chatTemplateKwargs().forEach((name, text) -> kwargs.put(name, KwargsJson.value(text)));
        return kwargs;
    }
}
