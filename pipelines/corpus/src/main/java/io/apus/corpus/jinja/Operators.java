package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the operators of expressions do to values of each type, as in Python. */
final class Operators {
    private Operators() {}

    static Object apply(String operator, Object left, Object right, Context context) {
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return Numbers.apply(operator, left, right);
        }
        if (operator.equals("+") && left instanceof CharSequence a && right instanceof CharSequence b) {
            return context.concat(a, b);
        }
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
            return joined(a, b, context);
        }
        if (operator.equals("*") && Numbers.isWhole(right)) {
            return repeated(left, Numbers.whole(right), context);
        }
        if (operator.equals("*") && Numbers.isWhole(left)) {
            return repeated(right, Numbers.whole(left), context);
        }
        if (operator.equals("%") && left instanceof CharSequence format) {
            return Formats.percent(format, right, context);
        }
        throw refused(operator, left, right);
    }

    private static List<Object> joined(List<?> a, List<?> b, Context context) {
        context.budget().list((long) a.size() + b.size());
        List<Object> joined = new ArrayList<>(a);
        joined.addAll(b);
        return a instanceof Tuple ? new Tuple(joined) : joined;
    }

    private static Object repeated(Object value, long times, Context context) {
        int count = (int) Math.max(0, Math.min(times, Integer.MAX_VALUE));
        if (value instanceof CharSequence text) {
            context.budget().text((long) text.length() * count);
            TextBuilder repeated = new TextBuilder();
            for (int i = 0; i < count && text.length() > 0; i++) {
                repeated.append(text);
            }
            return repeated.build();
        }
        if (value instanceof List<?> list) {
            context.budget().list((long) list.size() * count);
            List<Object> repeated = new ArrayList<>();
            for (int i = 0; i < count && !list.isEmpty(); i++) {
                repeated.addAll(list);
            }
            return repeated;
        }
        throw refused("*", value, times);
    }

    private static TemplateFailure refused(String operator, Object left, Object right) {
        for (Object side : new Object[] {left, right}) {
            if (side instanceof Undefined missing) {
                return missing.failure();
            }
        }
        return TemplateFailure.of(
                "'" + operator + "' does not work on a " + Values.typeName(left) + " and a " + Values.typeName(right));
    }

    static boolean compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> Values.equal(left, right);
            case "!=" -> !Values.equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            case "<" -> order(left, right) < 0;
            case "<=" -> order(left, right) <= 0;
            case ">" -> order(left, right) > 0;
            default -> order(left, right) >= 0;
        };
    }

    /** Python's ordering; refuses values that have none. */
    static int order(Object left, Object right) {
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return Numbers.compare(left, right);
        }
        if (left instanceof CharSequence a && right instanceof CharSequence b) {
            return CodePoints.compare(a.toString(), b.toString());
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!Values.equal(a.get(i), b.get(i))) {
                    return order(a.get(i), b.get(i));
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        throw refused("<", left, right);
    }

    private static boolean contains(Object container, Object value) {
        if (container instanceof CharSequence text) {
            if (value instanceof CharSequence part) {
                return text.toString().contains(part);
            }
            throw refused("in", value, container);
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(Values.key(value));
        }
        return Values.items(container).stream().anyMatch(item -> Values.equal(item, value));
    }
}
