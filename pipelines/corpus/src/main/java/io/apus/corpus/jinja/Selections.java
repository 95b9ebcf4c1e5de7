package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Filters that choose or change elements one by one. */
final class Selections {
    private Selections() {}

    static Object select(Context context, Object value, Arguments arguments) {
        return keep(context, value, test(arguments, 0));
    }

    static Object reject(Context context, Object value, Arguments arguments) {
        return keep(context, value, test(arguments, 0).negate());
    }

    static Object selectAttribute(Context context, Object value, Arguments arguments) {
        return keep(context, value, attributeTest(arguments));
    }

    static Object rejectAttribute(Context context, Object value, Arguments arguments) {
        return keep(context, value, attributeTest(arguments).negate());
    }

    private static Predicate<Object> attributeTest(Arguments arguments) {
        Object attribute = arguments.required(0, "attribute");
        Predicate<Object> test = test(arguments, 1);
        return item -> test.test(Lookup.path(item, attribute));
    }

    /** The test named by an argument; truth where none is named. */
    private static Predicate<Object> test(Arguments arguments, int position) {
        if (position >= arguments.positional().size()) {
            return Values::isTrue;
        }
        String name = arguments.text(position, "test").toString();
        Arguments rest = arguments.after(position + 1);
        return item -> Tests.check(name, item, rest);
    }

    private static Object keep(Context context, Object value, Predicate<Object> test) {
        return each(context, value, test, UnaryOperator.identity());
    }

    /** {@code map('filter', arguments...)} or {@code map(attribute='path', default=value)}. */
    static Object map(Context context, Object value, Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            Object attribute = arguments.required(0, "attribute");
            Object otherwise = arguments.get(-1, "default", null);
            return each(context, value, item -> true, item -> Lookup.path(item, attribute, otherwise));
        }
        String filter = arguments.text(0, "filter").toString();
        Arguments rest = arguments.after(1);
        return each(context, value, item -> true, item -> Filters.apply(filter, context, item, rest));
    }

    private static Object each(Context context, Object value, Predicate<Object> test, UnaryOperator<Object> change) {
        List<Object> result = new ArrayList<>();
        for (Object item : Values.items(value)) {
            context.budget().step();
            if (test.test(item)) {
                result.add(change.apply(item));
            }
        }
        return result;
    }
}
