package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code choose: {into, from, empty}}: takes the first of several paths that has a value which is not blank and none of {@code empty}. */
public final class ChooseStep implements RowStep {
    private final String into;
    private final List<String> from;
    private final List<String> empty;

    private ChooseStep(String into, List<String> from, List<String> empty) {
        this.into = into;
        this.from = from;
        this.empty = empty;
    }

    public static RowStep of(StepOptions options) {
        options.only("into", "from", "empty");
        return new ChooseStep(
                options.text("into"), options.texts("from"), options.has("empty") ? options.texts("empty") : List.of());
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        for (String path : from) {
            JsonNode value = RowPath.find(row, path);
            if (value != null && !Condition.isEmpty(value) && !empty.contains(value.asText())) {
                row.set(into, value);
                return;
            }
        }
        throw StepFailure.broken("none of " + String.join(", ", from) + " has a value");
    }

    @Override
    public String words() {
        return into + " is the first of " + String.join(", ", from) + " that is not empty";
    }
}
