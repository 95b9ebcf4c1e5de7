package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The columns of one row that nobody has claimed yet. A column is claimed under a standard name or one of its synonyms, in any case; two
 * synonyms in one row cancel each other out unless one of them is the standard name itself. Null is the same as absent.
 */
final class Columns {
    /** Rewards read this column of a GRPO row, so it is kept even where it is the answer too (as in ms-swift). */
    private static final String SOLUTION = "solution";

    private final Map<String, JsonNode> left = new LinkedHashMap<>();
    private final boolean synonyms;
    private final JsonNode solution;

    /** The columns of {@code row} after the user's renames; a renamed column wins over one that already has the name. */
    Columns(JsonNode row, RowRules rules) {
        this.synonyms = rules.autoMapping();
        row.fields().forEachRemaining(field -> {
            if (!field.getValue().isNull()) {
                left.put(field.getKey(), field.getValue());
            }
        });
        this.solution = left.get(SOLUTION);
        if (!rules.columns().isEmpty()) {
            rename(rules.columns());
        }
    }

    private void rename(Map<String, String> renames) {
        Map<String, String> sources = new TreeMap<>();
        renames.forEach((source, target) -> {
            String present = present(source);
            if (present != null && !present.equals(target)) {
                sources.put(present, target);
            }
        });
        Map<String, JsonNode> renamed = new LinkedHashMap<>();
        sources.forEach((source, target) -> {
            boolean clash = sources.values().stream().filter(target::equals).count() > 1;
            if (!clash) {
                renamed.put(target, left.remove(source));
            }
        });
        left.putAll(renamed);
    }

    private String present(String name) {
        if (left.containsKey(name)) {
            return name;
        }
        return left.keySet().stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
    }

    boolean has(String name) {
        return present(name) != null;
    }

    boolean hasAny(List<String> names) {
        return synonyms ? names.stream().anyMatch(this::has) : has(names.get(0));
    }

    /** The column {@code name}, in any case, left where it is; null where there is none. */
    JsonNode peek(String name) {
        String present = present(name);
        return present == null ? null : left.get(present);
    }

    /** Takes the column {@code name}, in any case; null where there is none. */
    JsonNode take(String name) {
        String present = present(name);
        return present == null ? null : left.remove(present);
    }

    /** Takes the column that stands for {@code names.get(0)}; null where none does or several compete. */
    JsonNode takeOneOf(List<String> names) {
        if (has(names.get(0))) {
            return take(names.get(0));
        }
        List<String> found = left.keySet().stream()
                .filter(name -> synonyms && names.contains(name.toLowerCase(Locale.ROOT)))
                .toList();
        return found.size() == 1 ? left.remove(found.get(0)) : null;
    }

    /** Everything that was not claimed, as JSON text by name. */
    Map<String, String> rest() {
        Map<String, String> rest = new TreeMap<>();
        left.forEach((name, value) -> rest.put(name, value.toString()));
        if (solution != null) {
            rest.put(SOLUTION, solution.toString());
        }
        return rest;
    }
}
