package io.apus.corpus.jinja;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The tests after {@code is}, as in Jinja2's list of built-in tests. */
final class Tests {
    /** A test of a value with arguments. */
    @FunctionalInterface
    private interface Check {
        boolean holds(Object value, Arguments arguments);
    }

    private static final Registry<Check> ALL = Registry.of(
            "test",
            entry("!=", (value, arguments) -> compare("!=", value, arguments)),
            entry("<", (value, arguments) -> compare("<", value, arguments)),
            entry("<=", (value, arguments) -> compare("<=", value, arguments)),
            entry("==", (value, arguments) -> compare("==", value, arguments)),
            entry(">", (value, arguments) -> compare(">", value, arguments)),
            entry(">=", (value, arguments) -> compare(">=", value, arguments)),
            entry("boolean", (value, arguments) -> value instanceof Boolean),
            entry("callable", (value, arguments) -> value instanceof Callable),
            entry("defined", (value, arguments) -> !(value instanceof Undefined)),
            entry(
                    "divisibleby",
                    (value, arguments) ->
                            Values.equal(Operators.apply("%", value, arguments.required(0, "num"), null), 0L)),
            entry("eq", (value, arguments) -> compare("==", value, arguments)),
            entry("equalto", (value, arguments) -> compare("==", value, arguments)),
            entry("escaped", (value, arguments) -> false),
            entry("even", (value, arguments) -> Values.equal(Operators.apply("%", value, 2L, null), 0L)),
            entry("false", (value, arguments) -> Boolean.FALSE.equals(value)),
            entry(
                    "filter",
                    (value, arguments) -> value instanceof CharSequence name && Filters.isKnown(name.toString())),
            entry("float", (value, arguments) -> value instanceof Double),
            entry("ge", (value, arguments) -> compare(">=", value, arguments)),
            entry("greaterthan", (value, arguments) -> compare(">", value, arguments)),
            entry("gt", (value, arguments) -> compare(">", value, arguments)),
            entry("in", (value, arguments) -> compare("in", value, arguments)),
            entry("integer", (value, arguments) -> value instanceof Long),
            entry("iterable", (value, arguments) -> isSequence(value)),
            entry("le", (value, arguments) -> compare("<=", value, arguments)),
            entry("lessthan", (value, arguments) -> compare("<", value, arguments)),
            entry("lower", (value, arguments) -> hasCase(value, Character::isLowerCase, Character::isUpperCase)),
            entry("lt", (value, arguments) -> compare("<", value, arguments)),
            entry("mapping", (value, arguments) -> value instanceof Map),
            entry("ne", (value, arguments) -> compare("!=", value, arguments)),
            entry("none", (value, arguments) -> value == null),
            entry("number", (value, arguments) -> Values.isNumber(value)),
            entry("odd", (value, arguments) -> Values.equal(Operators.apply("%", value, 2L, null), 1L)),
            entry("sameas", (value, arguments) -> isSame(value, arguments.required(0, "other"))),
            entry("sequence", (value, arguments) -> isSequence(value)),
            entry("string", (value, arguments) -> value instanceof CharSequence),
            entry("true", (value, arguments) -> Boolean.TRUE.equals(value)),
            entry("undefined", (value, arguments) -> value instanceof Undefined),
            entry("upper", (value, arguments) -> hasCase(value, Character::isUpperCase, Character::isLowerCase)));

    private Tests() {}

    static void requireKnown(String name, int line) {
        if (!ALL.names().contains(name)) {
            throw TemplateFailure.at(line, unknown(name));
        }
    }

    static boolean check(String name, Object value, Arguments arguments) {
        if (!ALL.names().contains(name)) {
            throw TemplateFailure.of(unknown(name));
        }
        return ALL.get(name).holds(value, arguments);
    }

    private static String unknown(String name) {
        return "unknown test '" + name + "'; did you mean '" + Registry.nearest(name, ALL.names()) + "'?";
    }

    private static boolean compare(String operator, Object value, Arguments arguments) {
        return Operators.compare(operator, value, arguments.required(0, "other"));
    }

    private static boolean isSequence(Object value) {
        return value instanceof List
                || value instanceof CharSequence
                || value instanceof Map
                || value instanceof Undefined;
    }

    private static boolean isSame(Object a, Object b) {
        boolean sameKind = a != null && b != null && a.getClass() == b.getClass();
        return a == b || (sameKind && (a instanceof Boolean || a instanceof Long) && a.equals(b));
    }

    /** Python's {@code islower} and {@code isupper}: at least one letter of the case, none of the other. */
    static boolean hasCase(Object value, IntPredicate wanted, IntPredicate other) {
        String text = Values.text(value).toString();
        return text.codePoints().anyMatch(wanted) && text.codePoints().noneMatch(other);
    }
}
