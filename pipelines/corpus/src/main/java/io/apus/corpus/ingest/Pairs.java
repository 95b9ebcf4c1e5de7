package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;

/**
 * The dispreferred half of a preference pair: {@code rejected_messages}, {@code rejected_response} (text or messages), or {@code chosen}
 * and {@code rejected} (texts, messages behind a prompt, or whole conversations), as TRL and LLaMA-Factory write them.
 *
 * @param chosen the conversation
 * @param rejected the dispreferred conversation, or null where the row is no pair
 */
record Pairs(List<Turn> chosen, List<Turn> rejected) {
    private static final String CHOSEN = "chosen";
    private static final String REJECTED = "rejected";

    /** Whether the answers of the row are the columns {@code chosen} and {@code rejected}. */
    static boolean isPair(Columns columns) {
        return isAnswer(columns.peek(CHOSEN)) && isAnswer(columns.peek(REJECTED));
    }

    private static boolean isAnswer(JsonNode value) {
        return value != null && (value.isTextual() || value.isContainerNode());
    }

    /** Takes the columns of a pair, if there are any; {@code turns} is the conversation found so far, empty where there is none. */
    static Pairs take(Columns columns, List<Turn> turns) {
        if (columns.has("rejected_messages")) {
            return distinct(turns, answered(prompt(turns), columns.take("rejected_messages")));
        }
        if (columns.has("rejected_response")) {
            return distinct(turns, otherAnswer(turns, columns.take("rejected_response")));
        }
        if (!isPair(columns)) {
            return new Pairs(turns, null);
        }
        List<Turn> prompt = openPrompt(turns, columns.peek(CHOSEN));
        return distinct(answered(prompt, columns.take(CHOSEN)), answered(prompt, columns.take(REJECTED)));
    }

    /** Messages that end with the chosen answer already (UltraFeedback has both) are cut back to their prompt. */
    private static List<Turn> openPrompt(List<Turn> turns, JsonNode chosen) {
        if (turns.isEmpty() || !turns.get(turns.size() - 1).role().equals(Roles.ASSISTANT)) {
            return turns;
        }
        List<Turn> answer = messages(chosen);
        boolean same = answer.get(answer.size() - 1)
                .content()
                .equals(turns.get(turns.size() - 1).content());
        if (!same) {
            throw new RefusedRow(
                    Refusal.BAD_REJECTED, "the conversation has an answer already beside chosen and rejected");
        }
        return prompt(turns);
    }

    private static Pairs distinct(List<Turn> chosen, List<Turn> rejected) {
        if (chosen.equals(rejected)) {
            throw new RefusedRow(Refusal.BAD_REJECTED, "the rejected answer is the chosen one");
        }
        return new Pairs(chosen, rejected);
    }

    private static List<Turn> otherAnswer(List<Turn> turns, JsonNode answer) {
        if (turns.isEmpty()) {
            throw new RefusedRow(Refusal.NO_MESSAGES, "there is a rejected_response but no conversation");
        }
        if (!answer.isTextual()) {
            return answered(prompt(turns), answer);
        }
        List<Turn> rejected = new ArrayList<>(turns.subList(0, turns.size() - 1));
        rejected.add(new Turn(Roles.ASSISTANT, answer.textValue()));
        return rejected;
    }

    /** The turns up to the last one of the user. */
    private static List<Turn> prompt(List<Turn> turns) {
        int end = turns.size();
        while (end > 0 && !turns.get(end - 1).role().equals(Roles.USER)) {
            end--;
        }
        return turns.subList(0, end);
    }

    /** {@code prompt} with {@code answer} behind it; an answer with a user's turn in it is a whole conversation and stands alone. */
    private static List<Turn> answered(List<Turn> prompt, JsonNode answer) {
        List<Turn> added = messages(answer);
        boolean whole = added.stream().anyMatch(turn -> turn.role().equals(Roles.USER));
        List<Turn> all = new ArrayList<>(whole ? leadingSystem(prompt, added) : prompt);
        all.addAll(added);
        return all;
    }

    private static List<Turn> leadingSystem(List<Turn> prompt, List<Turn> added) {
        boolean missing = !prompt.isEmpty()
                && prompt.get(0).role().equals(Roles.SYSTEM)
                && !added.get(0).role().equals(Roles.SYSTEM);
        return missing ? prompt.subList(0, 1) : List.of();
    }

    private static List<Turn> messages(JsonNode answer) {
        if (answer.isTextual() || ContentBlocks.areBlocks(answer)) {
            return MessageContent.turns(answer, new Message(Roles.ASSISTANT, ""));
        }
        if (answer.isObject()) {
            ArrayNode one = JsonNodeFactory.instance.arrayNode().add(answer);
            return MessageReader.read(one);
        }
        if (!answer.isArray() || answer.isEmpty()) {
            throw new RefusedRow(Refusal.BAD_REJECTED, "an answer of the pair is neither text nor messages");
        }
        return answer.get(0).isTextual()
                ? List.of(new Turn(Roles.ASSISTANT, answer.get(0).textValue()))
                : MessageReader.read(answer);
    }
}
