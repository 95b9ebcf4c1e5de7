package io.apus.corpus.filter.turn;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.data.Sample;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses conversations whose turns cannot follow each other: a system prompt stands first or nowhere, the user opens, an answer or a
 * tool call follows the user or a tool's response, a tool responds to a call, and the last turn is the assistant's (an answer or a call),
 * for there is nothing to learn otherwise. Plain text, a single assistant turn, is in order, and so is a prompt
 * ({@link Sample#isPrompt}), which may end with the user.
 */
public record RoleOrderFilter() implements SampleFilter {
    private static final String START = "the start";

    /** What may stand before a role. An answer may follow an answer only where the two have different weights (else they were merged). */
    private static final Map<String, Set<String>> BEFORE = Map.of(
            Roles.SYSTEM, Set.of(START),
            Roles.USER, Set.of(START, Roles.SYSTEM, Roles.ASSISTANT, Roles.USER),
            Roles.ASSISTANT, Set.of(Roles.USER, Roles.ASSISTANT, Roles.TOOL_RESPONSE),
            Roles.TOOL_CALL, Set.of(Roles.USER, Roles.ASSISTANT, Roles.TOOL_CALL, Roles.TOOL_RESPONSE),
            Roles.TOOL_RESPONSE, Set.of(Roles.TOOL_CALL, Roles.TOOL_RESPONSE));

    public static SampleFilter of(FilterOptions options) {
        return new RoleOrderFilter();
    }

    @Override
    public String reason() {
        return "role_order";
    }

    @Override
    public Verdict judge(Sample sample) {
        return found(sample).map(Verdict::refuse).orElse(Verdict.KEEP);
    }

    private static Optional<String> found(Sample sample) {
        if (sample.isPlainText()) {
            return Optional.empty();
        }
        Optional<String> found = order(sample.messages(), "", sample.isPrompt());
        return found.isPresent() || sample.rejectedMessages() == null
                ? found
                : order(sample.rejectedMessages(), "rejected ", false);
    }

    private static Optional<String> order(List<Message> messages, String kind, boolean open) {
        String previous = START;
        for (int i = 0; i < messages.size(); i++) {
            String role = messages.get(i).role();
            if (!BEFORE.getOrDefault(role, Set.of()).contains(previous)) {
                return Optional.of(kind + "turn " + i + ": " + role + " cannot follow " + previous);
            }
            previous = role;
        }
        boolean answered = open || previous.equals(Roles.ASSISTANT) || previous.equals(Roles.TOOL_CALL);
        return answered ? Optional.empty() : Optional.of(kind + "the last turn is " + previous + ", not an answer");
    }
}
