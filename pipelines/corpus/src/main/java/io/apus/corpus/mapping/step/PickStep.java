package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code pick: {into, of}} or {@code pick: {into, from}}: draws one of the values {@code of}, or one item of the lists in the columns
 * {@code from}, the same place in each. Several columns {@code into} need lists of as many values. */
public final class PickStep implements RowStep {
    private final List<String> into;
    private final List<Structure> of;
    private final List<String> from;

    private PickStep(List<String> into, List<Structure> of, List<String> from) {
        this.into = into;
        this.of = of;
        this.from = from;
    }

    public static RowStep of(StepOptions options) {
        options.only("into", "of", "from");
        if (options.has("from")) {
            return new PickStep(options.texts("into"), List.of(), options.texts("from"));
        }
        if (!(options.value("of") instanceof List<?> values) || values.isEmpty()) {
            throw options.problem("of is no list of values");
        }
        return new PickStep(
                options.texts("into"), values.stream().map(Structure::of).toList(), List.of());
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        if (from.isEmpty()) {
            JsonNode value = of.get(draws.below(of.size())).make(row);
            for (int i = 0; i < into.size(); i++) {
                row.set(into.get(i), into.size() == 1 ? value : value.get(i));
            }
            return;
        }
        JsonNode first = RowPath.need(row, from.get(0));
        if (!first.isArray() || first.isEmpty()) {
            throw StepFailure.broken(from.get(0) + " is no list with items");
        }
        int place = draws.below(first.size());
        for (int i = 0; i < into.size(); i++) {
            JsonNode item = RowPath.need(row, from.get(i)).get(place);
            if (item == null || item.isNull()) {
                throw StepFailure.broken(from.get(i) + " has no item " + place);
            }
            row.set(into.get(i), item);
        }
    }

    @Override
    public String words() {
        return from.isEmpty()
                ? String.join(" and ", into) + " is drawn from " + of.size() + " texts"
                : String.join(" and ", into) + " is an item drawn from " + String.join(" and ", from);
    }
}
