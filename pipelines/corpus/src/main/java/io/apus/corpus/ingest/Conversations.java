package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the conversation in a row's columns, in ms-swift's order: a list of messages; else Alpaca; else query and response. The names
 * of the list are those of ms-swift's {@code MessagesPreprocessor}.
 */
final class Conversations {
    private static final List<String> MESSAGES = List.of("messages", "conversation", "conversations");

    private Conversations() {}

    /** The row's conversation, without consecutive turns merged; empty where no column makes one. */
    static List<Turn> take(Columns columns) {
        if (columns.hasAny(MESSAGES)) {
            JsonNode list = columns.takeOneOf(MESSAGES);
            if (list == null) {
                throw new RefusedRow(Refusal.NO_MESSAGES, "several columns could be the messages: rename one of them");
            }
            return withSystem(columns, MessageReader.read(list));
        }
        if (columns.has("instruction") && columns.has("input")) {
            return withSystem(columns, alpaca(columns));
        }
        List<Turn> turns = History.turns(columns.take("history"));
        turns.addAll(said(columns.takeOneOf(Synonyms.QUERY), Roles.USER));
        turns.addAll(answer(columns));
        return withSystem(columns, turns);
    }

    private static List<Turn> alpaca(Columns columns) {
        List<Turn> turns = History.turns(columns.take("history"));
        String instruction = MessageContent.text(columns.take("instruction"), Roles.USER);
        String input = MessageContent.text(columns.take("input"), Roles.USER);
        String between = instruction.isEmpty() || input.isEmpty() ? "" : "\n";
        turns.add(new Turn(Roles.USER, instruction + between + input));
        turns.addAll(columns.has("output") ? said(columns.take("output"), Roles.ASSISTANT) : answer(columns));
        return turns;
    }

    /** Beside {@code chosen} and {@code rejected} nothing else is the answer. */
    private static List<Turn> answer(Columns columns) {
        return Pairs.isPair(columns) ? List.of() : said(columns.takeOneOf(Synonyms.RESPONSE), Roles.ASSISTANT);
    }

    /** What a column says: a text, content blocks, whole messages, or several texts of which the first counts. */
    private static List<Turn> said(JsonNode value, String role) {
        if (value == null) {
            return List.of();
        }
        if (MessageReader.areMessages(value)) {
            return MessageReader.read(value);
        }
        boolean several = role.equals(Roles.ASSISTANT) && value.isArray() && !ContentBlocks.areBlocks(value);
        JsonNode first = several && !value.isEmpty() ? value.get(0) : value;
        return MessageContent.turns(first, new Message(role, ""));
    }

    /** A system prompt beside the messages goes in front, unless they begin with one of their own. */
    private static List<Turn> withSystem(Columns columns, List<Turn> turns) {
        if (turns.isEmpty()) {
            return turns;
        }
        JsonNode system = columns.takeOneOf(Synonyms.SYSTEM);
        if (system == null || turns.get(0).role().equals(Roles.SYSTEM)) {
            return turns;
        }
        String text = MessageContent.text(system, Roles.SYSTEM);
        if (text.isEmpty()) {
            return turns;
        }
        List<Turn> all = new ArrayList<>(turns);
        all.add(0, new Turn(Roles.SYSTEM, text));
        return all;
    }
}
