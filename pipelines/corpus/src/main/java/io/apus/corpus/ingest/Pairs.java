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
 * and {@code rejected} beside a prompt, as LLaMA-Factory writes them.
 *
 * @param chosen the conversation
 * @param rejected the dispreferred conversation, or null where the row is no pair
 */
record Pairs(List<Message> chosen, List<Message> rejected) {
    /** Takes the columns of a pair, if there are any; {@code turns} is the conversation found so far, empty where there is none. */
    static Pairs take(Columns columns, List<Message> turns) {
        if (columns.has("rejected_messages")) {
            return distinct(turns, answered(prompt(turns), columns.take("rejected_messages")));
        }
        if (columns.has("rejected_response")) {
            return distinct(turns, otherAnswer(turns, columns.take("rejected_response")));
        }
        if (!columns.has("chosen") || !columns.has("rejected")) {
            return new Pairs(turns, null);
        }
        if (!turns.isEmpty() && turns.get(turns.size() - 1).role().equals(Roles.ASSISTANT)) {
            throw new RefusedRow(
                    Refusal.BAD_REJECTED, "the conversation has an answer already beside chosen and rejected");
        }
        return distinct(answered(turns, columns.take("chosen")), answered(turns, columns.take("rejected")));
    }

    private static Pairs distinct(List<Message> chosen, List<Message> rejected) {
        if (chosen.equals(rejected)) {
            throw new RefusedRow(Refusal.BAD_REJECTED, "the rejected answer is the chosen one");
        }
        return new Pairs(chosen, rejected);
    }

    private static List<Message> otherAnswer(List<Message> turns, JsonNode answer) {
        if (turns.isEmpty()) {
            throw new RefusedRow(Refusal.NO_MESSAGES, "there is a rejected_response but no conversation");
        }
        if (!answer.isTextual()) {
            return answered(prompt(turns), answer);
        }
        List<Message> rejected = new ArrayList<>(turns.subList(0, turns.size() - 1));
        rejected.add(new Message(Roles.ASSISTANT, answer.textValue()));
        return rejected;
    }

    /** The turns up to the last one of the user. */
    private static List<Message> prompt(List<Message> turns) {
        int end = turns.size();
        while (end > 0 && !turns.get(end - 1).role().equals(Roles.USER)) {
            end--;
        }
        return turns.subList(0, end);
    }

    /** {@code prompt} with {@code answer} behind it; an answer with a user's turn in it is a whole conversation and stands alone. */
    private static List<Message> answered(List<Message> prompt, JsonNode answer) {
        List<Message> added = messages(answer);
        boolean whole = added.stream().anyMatch(message -> message.role().equals(Roles.USER));
        List<Message> all = new ArrayList<>(whole ? leadingSystem(prompt, added) : prompt);
        all.addAll(added);
        return all;
    }

    private static List<Message> leadingSystem(List<Message> prompt, List<Message> added) {
        boolean missing = !prompt.isEmpty()
                && prompt.get(0).role().equals(Roles.SYSTEM)
                && !added.get(0).role().equals(Roles.SYSTEM);
        return missing ? prompt.subList(0, 1) : List.of();
    }

    private static List<Message> messages(JsonNode answer) {
        if (answer.isTextual()) {
            return List.of(new Message(Roles.ASSISTANT, answer.textValue()));
        }
        if (answer.isObject()) {
            ArrayNode one = JsonNodeFactory.instance.arrayNode().add(answer);
            return MessageReader.read(one);
        }
        if (!answer.isArray() || answer.isEmpty()) {
            throw new RefusedRow(Refusal.BAD_REJECTED, "an answer of the pair is neither text nor messages");
        }
        return MessageReader.read(answer);
    }
}
