package io.apus.corpus.ingest;

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
    static List<Turn> merged(List<Turn> turns) {
        if (turns == null) {
            return null;
        }
        List<Turn> merged = new ArrayList<>();
        for (Turn turn : turns) {
            int last = merged.size() - 1;
            if (last >= 0 && joins(merged.get(last), turn)) {
                merged.set(last, merged.get(last).joined(turn));
            } else {
                merged.add(turn);
            }
        }
        return merged;
    }

    private static boolean joins(Turn last, Turn turn) {
        return last.role().equals(turn.role())
                && (turn.role().equals(Roles.USER) || turn.role().equals(Roles.ASSISTANT))
                && Objects.equals(last.message().loss(), turn.message().loss())
                && Objects.equals(last.message().lossScale(), turn.message().lossScale());
    }
}
