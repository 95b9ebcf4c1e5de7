package io.apus.corpus.ingest;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What ms-swift does to the turns of every conversation before a template sees them. */
final class Turns {
    private Turns() {}

    /**
     * Joins a turn of the user or the assistant to one of the same role before it, text to text without a separator (ms-swift,
     * {@code _swift_prepare_inputs}), unless the two are trained on with different weights. Null stays null.
     */
    static List<Message> merged(List<Message> turns) {
        if (turns == null) {
            return null;
        }
        List<Message> merged = new ArrayList<>();
        for (Message turn : turns) {
            Message last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && joins(last, turn)) {
                merged.set(
                        merged.size() - 1,
                        new Message(last.role(), last.content() + turn.content(), last.loss(), last.lossScale()));
            } else {
                merged.add(turn);
            }
        }
        return merged;
    }

    private static boolean joins(Message last, Message turn) {
        return last.role().equals(turn.role())
                && (turn.role().equals(Roles.USER) || turn.role().equals(Roles.ASSISTANT))
                && Objects.equals(last.loss(), turn.loss())
                && Objects.equals(last.lossScale(), turn.lossScale());
    }
}
