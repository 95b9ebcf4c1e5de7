package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Filters that order elements or compare them with each other; letter case is ignored unless asked for. */
final class Orderings {
    private Orderings() {}

    /** What an element is compared by. */
    static Object normal(Object value, boolean caseSensitive) {
        return !caseSensitive && value instanceof CharSequence text ? Text.lower(text.toString()) : value;
    }

    private static Object key(Object item, Object attribute, boolean caseSensitive) {
        return normal(attribute == null ? item : Lookup.path(item, attribute), caseSensitive);
    }

    static Object sort(Context context, Object value, Arguments arguments) {
        boolean reverse = arguments.flag(0, "reverse", false);
        boolean caseSensitive = arguments.flag(1, "case_sensitive", false);
        Object attribute = arguments.get(2, "attribute", null);
        List<Object> sorted = new ArrayList<>(Values.items(value));
        context.budget().list(sorted.size());
        Comparator<Object> order = (a, b) -> compare(a, b, attribute, caseSensitive);
        sorted.sort(reverse ? order.reversed() : order);
        return sorted;
    }

    /** Several attributes may be given, separated by commas. */
    private static int compare(Object a, Object b, Object attribute, boolean caseSensitive) {
        if (!(attribute instanceof CharSequence names) || names.toString().indexOf(',') < 0) {
            return Operators.order(key(a, attribute, caseSensitive), key(b, attribute, caseSensitive));
        }
        int order = 0;
        for (String name : names.toString().split(",", -1)) {
            order = order != 0 ? order : Operators.order(key(a, name, caseSensitive), key(b, name, caseSensitive));
        }
        return order;
    }

    static Object unique(Context context, Object value, Arguments arguments) {
        boolean caseSensitive = arguments.flag(0, "case_sensitive", false);
        Object attribute = arguments.get(1, "attribute", null);
        java.util.Set<Object> seen = new java.util.HashSet<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : Values.items(value)) {
            if (seen.add(Values.key(key(item, attribute, caseSensitive)))) {
                unique.add(item);
            }
        }
        return unique;
    }

    static Object min(Context context, Object value, Arguments arguments) {
        return extreme(value, arguments, -1);
    }

    static Object max(Context context, Object value, Arguments arguments) {
        return extreme(value, arguments, 1);
    }

    private static Object extreme(Object value, Arguments arguments, int sign) {
        boolean caseSensitive = arguments.flag(0, "case_sensitive", false);
        Object attribute = arguments.get(1, "attribute", null);
        Object best = new Undefined("an empty sequence has no smallest or largest item");
        for (Object item : Values.items(value)) {
            if (best instanceof Undefined
                    || Integer.signum(Operators.order(
                                    key(item, attribute, caseSensitive), key(best, attribute, caseSensitive)))
                            == sign) {
                best = item;
            }
        }
        return best;
    }
}
