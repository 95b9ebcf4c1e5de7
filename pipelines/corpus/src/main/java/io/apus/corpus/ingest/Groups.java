package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;

/**
 * The conversations of a ranking row that match or do not match: {@code positive_messages} and {@code negative_messages} as a list of
 * conversations or one conversation, or the short forms {@code positive} and {@code negative} with one text or a list of them, each of
 * which is then a turn of the user.
 */
final class Groups {
    private Groups() {}

    /** Takes the conversations of {@code kind}, positive or negative; empty where the row has none. */
    static List<List<Turn>> take(Columns columns, String kind) {
        JsonNode groups = columns.take(kind + "_messages");
        if (groups != null) {
            JsonNode list = groups.isTextual() ? Texts.parsedOrNull(groups.textValue()) : groups;
            return list == null || !list.isArray()
                    ? refuse(kind + "_messages")
                    : conversations(list, kind + "_messages");
        }
        JsonNode brief = columns.peek(kind);
        if (brief == null || Texts.isNothing(brief) || !(brief.isTextual() || brief.isArray())) {
            return List.of();
        }
        columns.take(kind);
        return brief.isTextual()
                ? List.of(List.of(new Turn(Roles.USER, brief.textValue())))
                : conversations(brief, kind);
    }

    private static List<List<Turn>> conversations(JsonNode list, String name) {
        if (list.isEmpty()) {
            return List.of();
        }
        if (list.get(0).isObject()) {
            return List.of(Turns.merged(MessageReader.read(list)));
        }
        List<List<Turn>> conversations = new ArrayList<>();
        for (JsonNode one : list) {
            if (one.isTextual()) {
                conversations.add(List.of(new Turn(new Message(Roles.USER, one.textValue()), List.of())));
            } else if (one.isArray()) {
                conversations.add(Turns.merged(MessageReader.read(one)));
            } else {
                refuse(name);
            }
        }
        return conversations;
    }

    private static List<List<Turn>> refuse(String name) {
        throw new RefusedRow(Refusal.BAD_MESSAGE_GROUPS, name + " is not a list of conversations");
    }
}
