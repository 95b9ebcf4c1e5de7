package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How samples become tokens. */
@Doc("how samples become tokens")
public record TokenizeSpec(
        @Doc("system prompt for samples that have none: a text, or a .txt file") String system,
        @Doc("most tokens of a sample; the model's context length when not given") Integer maxLength,
        @Doc("what happens to longer samples: delete, left, right, split (plain text only)") String truncationStrategy,
        @Doc(
                        "which tokens are trained on: default (assistant turns), last_round or all, then types that weigh them, joined by +, as in default+react")
                String lossScale,
        @Doc("render conversations with a chat template; false reads them as plain text") Boolean useChatTemplate,
        @Doc("whether the model shall think, for templates that know the switch") Boolean enableThinking,
        @Doc("chat template by name; the model's own when not given, or the catalog's for a model without one")
                String template,
        @Doc(
                        "swift renders with the named template; jinja with the model's own, which a named one lends its system prompt and thinking")
                String templateBackend,
        @Doc("tool-calling format of the named template; the template's own when not given") String agentTemplate,
        @Doc("what answers begin with when the model generates; the template's own when not given")
                String responsePrefix,
        @Doc("whether earlier rounds keep their thinking; as the template and the training ask when not given")
                Boolean preserveThinking,
        @Doc("put the named template's empty thinking block before answers without thinking")
                Boolean addNonThinkingPrefix,
        @Doc("train on the template's empty thinking blocks") Boolean disableIgnoreEmptyThink,
        @Doc("true makes every weight above 0 a 1") Boolean isBinaryLossScale,
        @Doc("further variables of the chat template; a sample's own column of that name overrides them")
                Map<String, String> chatTemplateKwargs,
        @Doc(
                        "what a sample becomes: train (its conversation), rlhf (the chosen and the rejected one), kto (one with a label), embedding (anchor, positives,"
                                + " negatives), reranker (the conversation with each positive and each negative)")
                String templateMode)
        implements Serializable {
    public static final List<String> TRUNCATION_STRATEGIES = List.of("delete", "left", "right", "split");
    public static final List<String> LOSS_SCALES = List.of("default", "last_round", "all");
    public static final List<String> LOSS_SCALE_TYPES =
            List.of("react", "hermes", "qwen", "agentflan", "alpha_umi", "ignore_empty_think", "ignore_think_prefix");
    public static final List<String> TEMPLATE_MODES = List.of("train", "rlhf", "kto", "embedding", "reranker");
    public static final List<String> TEMPLATE_BACKENDS = List.of("swift", "jinja");

    public TokenizeSpec {
        truncationStrategy = orElse(truncationStrategy, "delete");
        lossScale = orElse(lossScale, "default");
        useChatTemplate = orElse(useChatTemplate, true);
        templateBackend = orElse(templateBackend, "swift");
        addNonThinkingPrefix = orElse(addNonThinkingPrefix, true);
        disableIgnoreEmptyThink = orElse(disableIgnoreEmptyThink, false);
        chatTemplateKwargs =
                chatTemplateKwargs == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(chatTemplateKwargs));
        templateMode = orElse(templateMode, "train");
        Problems problems = new Problems("tokenize")
                .oneOf("template_mode", templateMode, TEMPLATE_MODES)
                .require(
                        templateMode.equals("train") || !truncationStrategy.equals("split"),
                        "truncation_strategy",
                        "the conversations of template_mode " + templateMode + " cannot be split")
                .oneOf("truncation_strategy", truncationStrategy, TRUNCATION_STRATEGIES)
                .oneOf("template_backend", templateBackend, TEMPLATE_BACKENDS)
                .require(
                        agentTemplate == null || (template != null && templateBackend.equals("swift")),
                        "agent_template",
                        "the model's own chat template writes tools itself: name a template as well, or leave it out");
        List<String> parts = parts(lossScale);
        for (int i = 0; i < parts.size(); i++) {
            problems.oneOf("loss_scale", parts.get(i), lossScaleNames(i == 0));
        }
        if (maxLength != null) {
            problems.require(maxLength >= 2, "max_length", "needs at least 2 tokens, is " + maxLength);
        }
        problems.throwIfAny();
    }

    /** As the whole record, with the defaults for the rest. */
    public TokenizeSpec(
            String system,
            Integer maxLength,
            String truncationStrategy,
            String lossScale,
            Boolean useChatTemplate,
            Boolean enableThinking) {
        this(
                system,
                maxLength,
                truncationStrategy,
                lossScale,
                useChatTemplate,
                enableThinking,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The same with another system prompt. */
    public TokenizeSpec withSystem(String other) {
        return new TokenizeSpec(
                other,
                maxLength,
                truncationStrategy,
                lossScale,
                useChatTemplate,
                enableThinking,
                template,
                templateBackend,
                agentTemplate,
                responsePrefix,
                preserveThinking,
                addNonThinkingPrefix,
                disableIgnoreEmptyThink,
                isBinaryLossScale,
                chatTemplateKwargs,
                templateMode);
    }

    /** The same with another chat template by name. */
    public TokenizeSpec withTemplate(String other) {
        return new TokenizeSpec(
                system,
                maxLength,
                truncationStrategy,
                lossScale,
                useChatTemplate,
                enableThinking,
                other,
                templateBackend,
                agentTemplate,
                responsePrefix,
                preserveThinking,
                addNonThinkingPrefix,
                disableIgnoreEmptyThink,
                isBinaryLossScale,
                chatTemplateKwargs,
                templateMode);
    }

    private static List<String> parts(String lossScale) {
        return List.of(lossScale.split("\\+", -1));
    }

    private static List<String> lossScaleNames(boolean mayBeBase) {
        List<String> names = new ArrayList<>(mayBeBase ? LOSS_SCALES : List.of());
        names.addAll(LOSS_SCALE_TYPES);
        return names;
    }

    /** The base of {@code loss_scale}: default, last_round or all. */
    public String lossScaleBase() {
        String first = parts(lossScale).get(0);
        return LOSS_SCALES.contains(first) ? first : "default";
    }

    /** The types of {@code loss_scale} behind its base, in order. */
    public List<String> lossScaleTypes() {
        List<String> parts = parts(lossScale);
        return parts.subList(LOSS_SCALES.contains(parts.get(0)) ? 1 : 0, parts.size());
    }
}
