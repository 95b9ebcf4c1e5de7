package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The {@code tojson} of chat templates: Python's {@code json.dumps} without HTML escaping (transformers utils/chat_template_utils.py
 * replaces Jinja2's own filter). Strings keep their origins.
 */
final class JsonText {
    private static final int MAX_DEPTH = 200;

    private final TextBuilder out = new TextBuilder();
    private final boolean ensureAscii;
    private final String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sortKeys;

    private JsonText(boolean ensureAscii, String indent, String itemSeparator, String keySeparator, boolean sortKeys) {
        this.ensureAscii = ensureAscii;
        this.indent = indent;
        this.itemSeparator = itemSeparator;
        this.keySeparator = keySeparator;
        this.sortKeys = sortKeys;
    }

    /** Arguments: ensure_ascii=false, indent=none, separators=none, sort_keys=false. */
    static CharSequence of(Object value, Arguments arguments) {
        Object given = arguments.get(1, "indent", null);
        String indent =
                given == null ? null : given instanceof CharSequence text ? text.toString() : " ".repeat(width(given));
        List<?> separators = arguments.get(2, "separators", null) instanceof List<?> pair ? pair : null;
        JsonText json = new JsonText(
                arguments.flag(0, "ensure_ascii", false),
                indent,
                separators == null
                        ? (indent == null ? ", " : ",")
                        : Values.text(separators.get(0)).toString(),
                separators == null ? ": " : Values.text(separators.get(1)).toString(),
                arguments.flag(3, "sort_keys", false));
        json.write(value, 0);
        return json.out.build();
    }

    private static int width(Object given) {
        int width = Values.index(given);
        if (width > 64) {
            throw TemplateFailure.of("tojson: an indent of " + width + " is too wide");
        }
        return Math.max(0, width);
    }

    private void write(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw TemplateFailure.of("tojson: a value is nested more than " + MAX_DEPTH + " deep");
        }
        if (value instanceof CharSequence text) {
            string(text);
        } else if (value instanceof Map<?, ?> map) {
            object(map, depth);
        } else if (value instanceof List<?> list) {
            array(list, depth);
        } else {
            out.append(scalar(value));
        }
    }

    private static String scalar(Object value) {
        if (value == null || value instanceof Boolean) {
            return String.valueOf(value);
        }
        if (value instanceof Double number) {
            return Double.isNaN(number)
                    ? "NaN"
                    : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Numbers.repr(number);
        }
        if (value instanceof Long) {
            return value.toString();
        }
        throw TemplateFailure.of("tojson: a " + Values.typeName(value) + " has no JSON form"
                + (value instanceof Undefined missing ? " (" + missing.description() + ")" : ""));
    }

    private void array(List<?> list, int depth) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append("[");
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? "" : itemSeparator);
            newLine(depth + 1);
            write(list.get(i), depth + 1);
        }
        newLine(depth);
        out.append("]");
    }

    private void object(Map<?, ?> map, int depth) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        out.append("{");
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (sortKeys) {
            entries.sort(Comparator.comparing(entry -> keyText(entry.getKey())));
        }
        boolean first = true;
        for (Map.Entry<?, ?> entry : entries) {
            out.append(first ? "" : itemSeparator);
            first = false;
            newLine(depth + 1);
            string(keyText(entry.getKey()));
            out.append(keySeparator);
            write(entry.getValue(), depth + 1);
        }
        newLine(depth);
        out.append("}");
    }

    private static String keyText(Object key) {
        return key instanceof CharSequence text ? text.toString() : scalar(key);
    }

    private void newLine(int depth) {
        if (indent != null) {
            out.append("\n" + indent.repeat(depth));
        }
    }

    private void string(CharSequence text) {
        out.append("\"");
        out.append(Text.map(text, this::escape));
        out.append("\"");
    }

    private String escape(String piece) {
        StringBuilder escaped = new StringBuilder(piece.length() + 8);
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\f' -> escaped.append("\\f");
                case '\b' -> escaped.append("\\b");
                default -> {
                    if (c < 0x20 || (ensureAscii && c > 0x7e)) {
                        escaped.append(String.format("\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}
