package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code item: {from, at, into}}: takes the item of a list whose place another column gives, from 0. */
public final class ItemStep implements RowStep {
    private final String from;
    private final String at;
    private final String into;

    private ItemStep(String from, String at, String into) {
        this.from = from;
        this.at = at;
        this.into = into;
    }

    public static RowStep of(StepOptions options) {
        options.only("from", "at", "into");
        return new ItemStep(options.text("from"), options.text("at"), options.text("into"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        JsonNode place = RowPath.need(row, at);
        JsonNode item = RowPath.need(row, from).get(place.asInt(-1));
        if (item == null) {
            throw StepFailure.broken(from + " has no item " + place);
        }
        row.set(into, item);
    }

    @Override
    public String words() {
        return into + " is the item of " + from + " that " + at + " counts to";
    }
}
