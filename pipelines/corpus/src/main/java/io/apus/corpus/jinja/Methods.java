package io.apus.corpus.jinja;

import java.util.List;
import java.util.Map;

/** The methods of strings, lists and mappings that a template may call, bound to their object. */
final class Methods {
    /** A method of values of type T. */
    @FunctionalInterface
    interface Method<T> {
        Object call(Context context, T self, Arguments arguments);
    }

    private Methods() {}

    /** The method, or null where values of this type have none of the name. */
    static Callable find(Object owner, String name) {
        if (owner instanceof CharSequence text) {
            return bind(TextMethods.ALL.get(name), text);
        }
        if (owner instanceof Map<?, ?>) {
            @SuppressWarnings("unchecked") // every map in a template is a map of values
            Map<Object, Object> map = (Map<Object, Object>) owner;
            return bind(MapMethods.ALL.get(name), map);
        }
        if (owner instanceof List<?>) {
            @SuppressWarnings("unchecked") // every list in a template is a list of values
            List<Object> list = (List<Object>) owner;
            return bind(ListMethods.ALL.get(name), list);
        }
        return null;
    }

    private static <T> Callable bind(Method<T> method, T self) {
        return method == null ? null : (context, arguments) -> method.call(context, self, arguments);
    }

    /** Runs a change of a collection; values that came from outside the template cannot be changed. */
    static Object change(Runnable change) {
        try {
            change.run();
            return null;
        } catch (UnsupportedOperationException e) {
            throw TemplateFailure.of("a template cannot change the values that it was given");
        }
    }
}
