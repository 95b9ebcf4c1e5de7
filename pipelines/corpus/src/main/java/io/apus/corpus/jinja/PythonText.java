package io.apus.corpus.jinja;

import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr} of template values; strings inside containers keep their origins. */
final class PythonText {
    private static final int MAX_DEPTH = 200;

    private PythonText() {}

    static CharSequence str(Object value) {
        if (value instanceof CharSequence text) {
            return text;
        }
        return value instanceof Undefined ? "" : repr(value);
    }

    static CharSequence repr(Object value) {
        TextBuilder out = new TextBuilder();
        write(value, out, 0);
        return out.build();
    }

    private static void write(Object value, TextBuilder out, int depth) {
        if (depth > MAX_DEPTH) {
            throw TemplateFailure.of("a value is nested more than " + MAX_DEPTH + " deep");
        }
        if (value instanceof CharSequence text) {
            quote(text, out);
        } else if (value instanceof List<?> list) {
            boolean isTuple = value instanceof Tuple;
            sequence(list, out, isTuple ? "(" : "[", isTuple ? (list.size() == 1 ? ",)" : ")") : "]", depth);
        } else if (value instanceof Map<?, ?> map) {
            mapping(map, out, depth);
        } else {
            out.append(scalar(value));
        }
    }

    private static String scalar(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof Double number) {
            return Numbers.repr(number);
        }
        return value instanceof Undefined ? "Undefined" : value.toString();
    }

    private static void sequence(List<?> list, TextBuilder out, String open, String close, int depth) {
        out.append(open);
        String separator = "";
        for (Object item : list) {
            out.append(separator);
            write(item, out, depth + 1);
            separator = ", ";
        }
        out.append(close);
    }

    private static void mapping(Map<?, ?> map, TextBuilder out, int depth) {
        out.append("{");
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            write(entry.getKey(), out, depth + 1);
            out.append(": ");
            write(entry.getValue(), out, depth + 1);
            separator = ", ";
        }
        out.append("}");
    }

    private static void quote(CharSequence text, TextBuilder out) {
        String value = text.toString();
        String mark = value.indexOf('\'') >= 0 && value.indexOf('"') < 0 ? "\"" : "'";
        out.append(mark);
        out.append(Text.map(text, piece -> escape(piece, mark.charAt(0))));
        out.append(mark);
    }

    private static String escape(String piece, char mark) {
        StringBuilder out = new StringBuilder();
        piece.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c == mark) {
                        out.append('\\').append(mark);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(
                                c < 0x100
                                        ? String.format("\\x%02x", c)
                                        : String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                    }
                }
            }
        });
        return out.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
