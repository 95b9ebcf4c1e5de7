package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Filters over mappings and groups. */
final class MapFilters {
    private MapFilters() {}

    static Object items(Context context, Object value, Arguments arguments) {
        if (value instanceof Undefined) {
            return List.of();
        }
        if (value instanceof Map<?, ?> map) {
            return items(map);
        }
        throw TemplateFailure.of("'items' needs a mapping, found a " + Values.typeName(value));
    }

    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>(map.size());
        map.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }

    static Object dictsort(Context context, Object value, Arguments arguments) {
        boolean caseSensitive = arguments.flag(0, "case_sensitive", false);
        int position = arguments.get(1, "by", "key") instanceof CharSequence by
                        && by.toString().equals("value")
                ? 1
                : 0;
        if (!(value instanceof Map<?, ?> map)) {
            throw TemplateFailure.of("'dictsort' needs a mapping, found a " + Values.typeName(value));
        }
        List<Object> pairs = items(map);
        Comparator<Object> order = Comparator.comparing(
                pair -> Orderings.normal(((Tuple) pair).get(position), caseSensitive), Operators::order);
        pairs.sort(arguments.flag(2, "reverse", false) ? order.reversed() : order);
        return pairs;
    }

    /** Pairs of a grouping value and the items that have it, ordered by that value. */
    static Object groupby(Context context, Object value, Arguments arguments) {
        Object attribute = arguments.required(0, "attribute");
        Object otherwise = arguments.get(1, "default", null);
        boolean caseSensitive = arguments.flag(2, "case_sensitive", false);
        List<Object> groups = new ArrayList<>();
        List<Tuple> keyed = new ArrayList<>();
        for (Object item : Values.items(value)) {
            Object key = Lookup.path(item, attribute);
            keyed.add(Tuple.of(key instanceof Undefined && otherwise != null ? otherwise : key, item));
        }
        keyed.sort(Comparator.comparing(pair -> Orderings.normal(pair.get(0), caseSensitive), Operators::order));
        List<Object> members = new ArrayList<>();
        for (int i = 0; i < keyed.size(); i++) {
            members.add(keyed.get(i).get(1));
            boolean ends = i + 1 == keyed.size()
                    || !Values.equal(
                            Orderings.normal(keyed.get(i).get(0), caseSensitive),
                            Orderings.normal(keyed.get(i + 1).get(0), caseSensitive));
            if (ends) {
                groups.add(Tuple.of(keyed.get(i + 1 - members.size()).get(0), members));
                members = new ArrayList<>();
            }
        }
        return groups;
    }
}
