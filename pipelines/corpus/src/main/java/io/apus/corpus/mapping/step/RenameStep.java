package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code rename: {source: target}}: renames columns, found in any case. Two sources of one target cancel each other out, as in ms-swift;
 * a renamed column wins over one that has the name already. */
public final class RenameStep implements RowStep {
    private final Map<String, String> targets = new LinkedHashMap<>();

    private RenameStep(Map<String, String> targets) {
        this.targets.putAll(targets);
    }

    public static RowStep of(StepOptions options) {
        Map<String, String> targets = new LinkedHashMap<>();
        options.all().forEach((source, target) -> targets.put(source, String.valueOf(target)));
        return new RenameStep(targets);
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        Map<String, String> present = new LinkedHashMap<>();
        targets.forEach((source, target) -> {
            String column = column(row, source);
            if (column != null && !column.equals(target)) {
                present.put(column, target);
            }
        });
        Map<String, JsonNode> renamed = new LinkedHashMap<>();
        present.forEach((source, target) -> {
            if (Collections.frequency(present.values(), target) == 1) {
                renamed.put(target, row.remove(source));
            }
        });
        row.setAll(renamed);
    }

    private static String column(ObjectNode row, String name) {
        if (row.has(name)) {
            return name;
        }
        Iterator<String> names = row.fieldNames();
        while (names.hasNext()) {
            String column = names.next();
            if (column.equalsIgnoreCase(name)) {
                return column;
            }
        }
        return null;
    }

    @Override
    public String words() {
        return targets.entrySet().stream()
                .map(entry -> entry.getKey() + " becomes " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
