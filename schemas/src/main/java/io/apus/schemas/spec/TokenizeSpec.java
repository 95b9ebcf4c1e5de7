package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.List;

/** How samples become tokens. */
@Doc("how samples become tokens")
public record TokenizeSpec(
        @Doc("system prompt for samples that have none") String system,
        @Doc("most tokens of a sample; the model's context length when not given") Integer maxLength,
        @Doc("what happens to longer samples: delete, left, right, split (plain text only)") String truncationStrategy,
        @Doc("which tokens are trained on: default (assistant turns), last_round, all") String lossScale,
        @Doc("render conversations with the model's chat template; false reads them as plain text")
                Boolean useChatTemplate,
        @Doc("value of enable_thinking for the chat template; not passed when not given") Boolean enableThinking) {
    public static final List<String> TRUNCATION_STRATEGIES = List.of("delete", "left", "right", "split");
    public static final List<String> LOSS_SCALES = List.of("default", "last_round", "all");

    public TokenizeSpec {
        truncationStrategy = orElse(truncationStrategy, "delete");
        lossScale = orElse(lossScale, "default");
        useChatTemplate = orElse(useChatTemplate, true);
        Problems problems = new Problems("tokenize")
                .oneOf("truncation_strategy", truncationStrategy, TRUNCATION_STRATEGIES)
                .oneOf("loss_scale", lossScale, LOSS_SCALES);
        if (maxLength != null) {
            problems.require(maxLength >= 2, "max_length", "needs at least 2 tokens, is " + maxLength);
        }
        problems.throwIfAny();
    }
}
