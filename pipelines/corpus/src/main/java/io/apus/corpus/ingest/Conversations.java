package io.apus.corpus.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the conversation in a row's columns, in ms-swift's order: a list of messages; else Alpaca; else query and response. Synonyms are
 * those of ms-swift's {@code ResponsePreprocessor} and {@code MessagesPreprocessor}.
 */
final class Conversations {
    private static final List<String> MESSAGES = List.of("messages", "conversation", "conversations");
    private static final List<String> SYSTEM = List.of("system", "system_prompt");
    private static final List<String> QUERY = List.of("query", "prompt", "input", "instruction", "question", "problem");
    private static final List<String> RESPONSE = List.of(
            "response",
            "answer",
            "output",
            "targets",
            "target",
            "answer_key",
            "answers",
            "solution",
            "text",
            "completion",
            "content");

    private Conversations() {}

    /** The row's conversation, without consecutive turns merged; empty where no column makes one. */
    static List<Message> take(Columns columns) {
        if (columns.hasAny(MESSAGES)) {
            JsonNode list = columns.takeOneOf(MESSAGES);
            if (list == null) {
                throw new RefusedRow(Refusal.NO_MESSAGES, "several columns could be the messages: rename one of them");
            }
            return withSystem(columns, MessageReader.read(list));
        }
        if (columns.has("instruction") && columns.has("input")) {
            return alpaca(columns);
        }
        JsonNode query = columns.takeOneOf(QUERY);
        return turns(columns, query == null ? null : text(query, Roles.USER), columns.takeOneOf(RESPONSE));
    }

    private static List<Message> alpaca(Columns columns) {
        String instruction = text(columns.take("instruction"), Roles.USER);
        String input = text(columns.take("input"), Roles.USER);
        String query = instruction.isEmpty() || input.isEmpty() ? instruction + input : instruction + "\n" + input;
        return turns(columns, query, columns.has("output") ? columns.take("output") : columns.takeOneOf(RESPONSE));
    }

    private static List<Message> turns(Columns columns, String query, JsonNode response) {
        List<Message> turns = history(columns.take("history"));
        if (query != null) {
            turns.add(new Message(Roles.USER, query));
        }
        if (response != null) {
            JsonNode answer = response.isArray() && !response.isEmpty() ? response.get(0) : response;
            turns.add(new Message(Roles.ASSISTANT, text(answer, Roles.ASSISTANT)));
        }
        return turns.isEmpty() ? turns : withSystem(columns, turns);
    }

    private static List<Message> history(JsonNode history) {
        List<Message> turns = new ArrayList<>();
        if (history == null || (history.isTextual() && history.textValue().isBlank())) {
            return turns;
        }
        JsonNode pairs = history.isTextual() ? parsed(history.textValue()) : history;
        if (!pairs.isArray()) {
            throw new RefusedRow(Refusal.BAD_HISTORY, "history is not a list");
        }
        for (JsonNode pair : pairs) {
            if (!pair.isArray()
                    || pair.size() != 2
                    || !pair.get(0).isTextual()
                    || !pair.get(1).isTextual()) {
                throw new RefusedRow(
                        Refusal.BAD_HISTORY,
                        "history holds " + pair.getNodeType() + " where a pair of texts is needed");
            }
            turns.add(new Message(Roles.USER, pair.get(0).textValue()));
            turns.add(new Message(Roles.ASSISTANT, pair.get(1).textValue()));
        }
        return turns;
    }

    private static JsonNode parsed(String text) {
        try {
            return RowJson.parse(text);
        } catch (JsonProcessingException e) {
            throw new RefusedRow(Refusal.BAD_HISTORY, "history is a text that is not JSON");
        }
    }

    /** A system prompt beside the messages goes in front, unless they begin with one of their own. */
    private static List<Message> withSystem(Columns columns, List<Message> turns) {
        JsonNode system = columns.takeOneOf(SYSTEM);
        if (system == null || turns.get(0).role().equals(Roles.SYSTEM)) {
            return turns;
        }
        String text = text(system, Roles.SYSTEM);
        if (!text.isEmpty()) {
            turns.add(0, new Message(Roles.SYSTEM, text));
        }
        return turns;
    }

    private static String text(JsonNode value, String role) {
        return MessageContent.text(value, role);
    }
}
