package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Filters over sequences that neither choose nor order elements. */
final class SequenceFilters {
    private SequenceFilters() {}

    static Object length(Context context, Object value, Arguments arguments) {
        return lengthOf(value);
    }

    static long lengthOf(Object value) {
        if (value instanceof CharSequence text) {
            return CodePoints.length(text);
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof List<?> list) {
            return list.size();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw TemplateFailure.of("a " + Values.typeName(value) + " has no length");
    }

    static Object orDefault(Context context, Object value, Arguments arguments) {
        boolean replaced = value instanceof Undefined || (arguments.flag(1, "boolean", false) && !Values.isTrue(value));
        return replaced ? arguments.get(0, "default_value", "") : value;
    }

    static Object first(Context context, Object value, Arguments arguments) {
        List<?> items = Values.items(value);
        return items.isEmpty() ? new Undefined("an empty sequence has no first item") : items.get(0);
    }

    static Object last(Context context, Object value, Arguments arguments) {
        List<?> items = Values.items(value);
        return items.isEmpty() ? new Undefined("an empty sequence has no last item") : items.get(items.size() - 1);
    }

    static Object list(Context context, Object value, Arguments arguments) {
        List<?> items = Values.items(value);
        context.budget().list(items.size());
        return new ArrayList<Object>(items);
    }

    static Object join(Context context, Object value, Arguments arguments) {
        CharSequence separator = Values.text(arguments.get(0, "d", ""));
        Object attribute = arguments.get(1, "attribute", null);
        List<Object> items = new ArrayList<>();
        Values.items(value).forEach(item -> items.add(attribute == null ? item : Lookup.path(item, attribute)));
        return join(context, separator, items);
    }

    static CharSequence join(Context context, CharSequence separator, List<?> items) {
        TextBuilder out = new TextBuilder();
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : separator).append(Values.text(items.get(i)));
            Budget.fits(out.length());
        }
        context.budget().text(out.length());
        return out.build();
    }

    static Object reverse(Context context, Object value, Arguments arguments) {
        if (value instanceof CharSequence) {
            return Slices.of(value, null, null, -1L);
        }
        List<Object> reversed = new ArrayList<>(Values.items(value));
        Collections.reverse(reversed);
        return reversed;
    }

    /** Rows of {@code linecount} items, the last filled up with {@code fill_with} where that is given. */
    static Object batch(Context context, Object value, Arguments arguments) {
        int size = Math.max(1, Values.index(arguments.required(0, "linecount")));
        Object fill = arguments.get(1, "fill_with", null);
        List<Object> rows = new ArrayList<>();
        List<?> items = Values.items(value);
        for (int start = 0; start < items.size(); start += Math.min(size, items.size())) {
            List<Object> row =
                    new ArrayList<>(items.subList(start, Math.min(items.size(), start + Math.min(size, items.size()))));
            context.budget().list(fill == null ? 0 : size);
            while (fill != null && row.size() < size) {
                row.add(fill);
            }
            rows.add(row);
        }
        return rows;
    }

    /** {@code slices} columns of nearly equal length, the shorter ones filled up with {@code fill_with} where that is given. */
    static Object slice(Context context, Object value, Arguments arguments) {
        int slices = Math.max(1, Values.index(arguments.required(0, "slices")));
        Object fill = arguments.get(1, "fill_with", null);
        List<?> items = Values.items(value);
        context.budget().list(slices);
        int shortest = items.size() / slices;
        int longer = items.size() % slices;
        List<Object> columns = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < slices; i++) {
            int end = start + shortest + (i < longer ? 1 : 0);
            List<Object> column = new ArrayList<>(items.subList(start, end));
            if (fill != null && i >= longer) {
                column.add(fill);
            }
            columns.add(column);
            start = end;
        }
        return columns;
    }
}
