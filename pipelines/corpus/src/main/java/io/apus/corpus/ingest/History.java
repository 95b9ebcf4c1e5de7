package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;

/** The column {@code history}: earlier rounds as pairs of question and answer, or as messages; as a list or as the text of one. */
final class History {
    private History() {}

    /** The turns of earlier rounds, in a list that may be added to; null and empty texts hold none. */
    static List<Turn> turns(JsonNode history) {
        if (Texts.isNothing(history)) {
            return new ArrayList<>();
        }
        JsonNode rounds = history.isTextual() ? Texts.parsedOrNull(history.textValue()) : history;
        if (rounds == null || !rounds.isArray()) {
            throw new RefusedRow(Refusal.BAD_HISTORY, "history is not a list");
        }
        if (MessageReader.areMessages(rounds)) {
            return new ArrayList<>(MessageReader.read(rounds));
        }
        List<Turn> turns = new ArrayList<>();
        rounds.forEach(round -> pair(round, turns));
        return turns;
    }

    private static void pair(JsonNode pair, List<Turn> turns) {
        if (!pair.isArray() || pair.size() != 2) {
            throw new RefusedRow(
                    Refusal.BAD_HISTORY,
                    "history holds " + pair.getNodeType() + " where a pair of question and answer is needed");
        }
        half(pair.get(0), Roles.USER, turns);
        half(pair.get(1), Roles.ASSISTANT, turns);
    }

    private static void half(JsonNode half, String role, List<Turn> turns) {
        if (!half.isNull()) {
            if (!half.isTextual() && !half.isArray()) {
                throw new RefusedRow(
                        Refusal.BAD_HISTORY, "history holds a " + half.getNodeType() + " where a text is needed");
            }
            turns.addAll(MessageContent.turns(half, new Message(role, "")));
        }
    }
}
