package io.apus.corpus.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/**
 * Reads what Python's {@code repr} prints of lists, tuples, dicts, texts, numbers, booleans and None: pandas writes such columns into CSV
 * files (Python language reference, "Literals"). Nothing is evaluated.
 */
public final class PythonLiteral {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = 200;

    private final String text;
    private final boolean mends;
    private int at;

    private PythonLiteral(String text, boolean mends) {
        this.text = text;
        this.mends = mends;
    }

    /** The value as JSON; null where the text is no literal. */
    public static JsonNode parseOrNull(String text) {
        return parseOrNull(new PythonLiteral(text, false));
    }

    /** As {@link #parseOrNull}, but commas in front of dicts may be missing (numpy prints arrays of them without). */
    public static JsonNode mendedOrNull(String text) {
        return parseOrNull(new PythonLiteral(text, true));
    }

    private static JsonNode parseOrNull(PythonLiteral literal) {
        try {
            JsonNode value = literal.value(0);
            literal.space();
            return literal.at == literal.text.length() ? value : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private JsonNode value(int depth) {
        space();
        char c = peek();
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("too deep");
        }
        return switch (c) {
            case '[' -> list(']', depth);
            case '(' -> list(')', depth);
            case '{' -> dict(depth);
            case '\'', '"' -> NODES.textNode(string());
            default -> word();
        };
    }

    private ArrayNode list(char end, int depth) {
        ArrayNode list = NODES.arrayNode();
        at++;
        while (!ends(end)) {
            list.add(value(depth + 1));
            separated(end);
        }
        return list;
    }

    private ObjectNode dict(int depth) {
        ObjectNode dict = NODES.objectNode();
        at++;
        while (!ends('}')) {
            String key = string();
            space();
            expect(':');
            dict.set(key, value(depth + 1));
            separated('}');
        }
        return dict;
    }

    private boolean ends(char end) {
        space();
        if (peek() != end) {
            return false;
        }
        at++;
        return true;
    }

    private void separated(char end) {
        space();
        if (peek() != end && !(mends && peek() == '{')) {
            expect(',');
        }
    }

    private String string() {
        char quote = peek();
        if (quote != '\'' && quote != '"') {
            throw new IllegalArgumentException("no text");
        }
        at++;
        StringBuilder string = new StringBuilder();
        while (peek() != quote) {
            char c = text.charAt(at++);
            string.append(c == '\\' ? escape() : String.valueOf(c));
        }
        at++;
        return string.toString();
    }

    private String escape() {
        char c = peek();
        at++;
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case '\\', '\'', '"' -> String.valueOf(c);
            case 'x' -> point(2);
            case 'u' -> point(4);
            case 'U' -> point(8);
            default -> "\\" + c;
        };
    }

    private String point(int digits) {
        if (at + digits > text.length()) {
            throw new IllegalArgumentException("cut off");
        }
        int point = Integer.parseInt(text, at, at + digits, 16);
        at += digits;
        return Character.toString(point);
    }

    private JsonNode word() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-._".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "True" -> NODES.booleanNode(true);
            case "False" -> NODES.booleanNode(false);
            case "None" -> NODES.nullNode();
            default -> number(new BigDecimal(word), word);
        };
    }

    private static JsonNode number(BigDecimal number, String word) {
        boolean whole = word.chars().allMatch(c -> c == '-' || c == '+' || Character.isDigit(c));
        return whole ? NODES.numberNode(number.toBigIntegerExact()) : NODES.numberNode(number);
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw new IllegalArgumentException("cut off");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw new IllegalArgumentException("no " + c);
        }
        at++;
    }
}
