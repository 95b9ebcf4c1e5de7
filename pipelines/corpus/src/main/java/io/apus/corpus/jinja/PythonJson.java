package io.apus.corpus.jinja;

import java.util.List;
import java.util.Map;

/** JSON and text of values as Python writes them ({@code json.dumps} with {@code ensure_ascii=False}, {@code str}): null, Boolean, numbers, strings, lists, maps. */
public final class PythonJson {
    private PythonJson() {}

    /** On one line, with ", " and ": ". */
    public static String of(Object value) {
        return write(value, Map.of());
    }

    /** Over several lines, indented by {@code spaces} a level. */
    public static String indented(Object value, int spaces) {
        return write(value, Map.of("indent", (long) spaces));
    }

    /** On one line without spaces, keys in order. */
    public static String compactSorted(Object value) {
        return write(value, Map.of("separators", List.of(",", ":"), "sort_keys", true));
    }

    /** Python's {@code str}: True, None, 1.5, text as it is, containers as Python literals. */
    public static String str(Object value) {
        return PythonText.str(Values.of(value)).toString();
    }

    private static String write(Object value, Map<String, Object> named) {
        return JsonText.of(Values.of(value), new Arguments(List.of(), named)).toString();
    }
}
