package io.apus.eval.generate;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How the next token is chosen, with the names and the meaning that transformers gives them.
 *
 * @param maxNewTokens most tokens to generate, at least 1
 * @param temperature 0 takes the most probable token (greedy); else logits are divided by it
 * @param topK sample among the K most probable tokens only; 0 switches it off
 * @param topP sample among the fewest tokens whose probabilities sum to at least this; 1 switches it off
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens already seen, prompt included (CTRL, Keskar et al.
 *     2019); 1 switches it off
 * @param seed decides the draws
 * @param stopIds token ids that end the text; they are not part of it
 */
public record GenerationSettings(
        int maxNewTokens,
        double temperature,
        int topK,
        double topP,
        double repetitionPenalty,
        long seed,
        Set<Integer> stopIds) {
    public GenerationSettings {
        stopIds = Set.copyOf(stopIds);
        List<String> wrong = new ArrayList<>();
        note(wrong, maxNewTokens >= 1, "max_new_tokens must be at least 1, is " + maxNewTokens);
        note(wrong, temperature >= 0 && temperature < 1e9, "temperature must not be negative, is " + temperature);
        note(wrong, topK >= 0, "top_k must not be negative, is " + topK);
        note(wrong, topP > 0 && topP <= 1, "top_p must be above 0 and at most 1, is " + topP);
        note(wrong, repetitionPenalty > 0, "repetition_penalty must be above 0, is " + repetitionPenalty);
        if (!wrong.isEmpty()) {
            throw new UserError("Cannot generate", String.join("; ", wrong), "");
        }
    }

    /** The most probable token each time, until {@code maxNewTokens} or one of {@code stopIds}. */
    public static GenerationSettings greedy(int maxNewTokens, Set<Integer> stopIds) {
        return new GenerationSettings(maxNewTokens, 0, 0, 1, 1, 0, stopIds);
    }

    /** True if the choice needs nothing but the largest logit. */
    boolean isPlainGreedy() {
        return temperature == 0 && repetitionPenalty == 1;
    }

    private static void note(List<String> wrong, boolean holds, String message) {
        if (!holds) {
            wrong.add(message);
        }
    }
}
