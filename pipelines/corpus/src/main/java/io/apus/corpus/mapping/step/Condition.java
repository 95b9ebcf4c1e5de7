package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a row has to be like: {@code column} (a path) with {@code equals}, {@code in}, {@code matches} (a regular expression found in the text,
 * or in any text of a list or object), {@code at_least}, {@code size}, {@code empty}, {@code differs_from} (a path). Several must all hold. */
final class Condition {
    private final String column;
    private final List<Predicate<JsonNode>> tests = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private String other;

    private Condition(String column) {
        this.column = column;
    }

    static Condition of(StepOptions options) {
        options.only("column", "equals", "in", "matches", "at_least", "size", "empty", "differs_from");
        Condition condition = new Condition(options.text("column"));
        if (options.has("equals") || options.has("in")) {
            List<String> values = options.texts(options.has("in") ? "in" : "equals");
            condition.test("is " + shortened(values), value -> value != null && values.contains(value.asText()));
        }
        if (options.has("matches")) {
            Pattern pattern = options.pattern("matches");
            condition.test("has " + Words.quoted(pattern), value -> value != null && finds(pattern, value));
        }
        if (options.has("at_least")) {
            double least = Double.parseDouble(options.text("at_least"));
            condition.test("is at least " + least, value -> value != null && value.asDouble(Double.NaN) >= least);
        }
        if (options.has("size")) {
            int size = options.number("size", 0);
            condition.test("has " + size + " items", value -> value != null && value.size() == size);
        }
        if (options.has("empty")) {
            boolean empty = options.flag("empty");
            condition.test(empty ? "is empty" : "is not empty", value -> isEmpty(value) == empty);
        }
        if (options.has("differs_from")) {
            condition.other = options.text("differs_from");
            condition.words.add("differs from " + condition.other);
        }
        if (condition.words.isEmpty()) {
            throw options.problem("a condition needs equals, in, matches, at_least, size, empty or differs_from");
        }
        return condition;
    }

    private void test(String word, Predicate<JsonNode> test) {
        words.add(word);
        tests.add(test);
    }

    private static String shortened(List<String> values) {
        return values.size() > 4
                ? String.join(", ", values.subList(0, 4)) + " or one of " + (values.size() - 4) + " more"
                : String.join(" or ", values);
    }

    private static boolean finds(Pattern pattern, JsonNode value) {
        if (value.isContainerNode()) {
            for (JsonNode child : value) {
                if (finds(pattern, child)) {
                    return true;
                }
            }
            return false;
        }
        return pattern.matcher(value.asText()).find();
    }

    /** Nothing, an empty list or object, or a blank text. */
    static boolean isEmpty(JsonNode value) {
        return value == null
                || value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.textValue().isBlank());
    }

    boolean holds(JsonNode row) {
        JsonNode value = RowPath.find(row, column);
        return tests.stream().allMatch(test -> test.test(value))
                && (other == null || !Objects.equals(value, RowPath.find(row, other)));
    }

    String words() {
        return column + " " + String.join(" and ", words);
    }
}
