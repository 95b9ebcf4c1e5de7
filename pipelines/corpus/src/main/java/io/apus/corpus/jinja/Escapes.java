package io.apus.corpus.jinja;

/** Backslash escapes of string literals, as Python's {@code unicode-escape} codec reads them; an unknown escape stays as written. */
final class Escapes {
    private final String body;
    private final StringBuilder decoded = new StringBuilder();
    private int position;

    private Escapes(String body) {
        this.body = body;
    }

    static String decode(String body) {
        if (body.indexOf('\\') < 0) {
            return body;
        }
        Escapes escapes = new Escapes(body);
        while (escapes.position < body.length()) {
            char c = body.charAt(escapes.position++);
            if (c == '\\') {
                escapes.escape(body.charAt(escapes.position++));
            } else {
                escapes.decoded.append(c);
            }
        }
        return escapes.decoded.toString();
    }

    private void escape(char c) {
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> decoded.append(c);
            case 'n' -> decoded.append('\n');
            case 't' -> decoded.append('\t');
            case 'r' -> decoded.append('\r');
            case 'a' -> decoded.append('\u0007');
            case 'b' -> decoded.append('\b');
            case 'f' -> decoded.append('\f');
            case 'v' -> decoded.append('\u000b');
            case 'x' -> code(c, 2, 2, 16);
            case 'u' -> code(c, 4, 4, 16);
            case 'U' -> code(c, 8, 8, 16);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                position--;
                code(c, 1, 3, 8);
            }
            default -> decoded.append('\\').append(c);
        }
    }

    private void code(char kind, int atLeast, int atMost, int radix) {
        int end = position;
        while (end < body.length() && end - position < atMost && Character.digit(body.charAt(end), radix) >= 0) {
            end++;
        }
        if (end - position < atLeast) {
            throw TemplateFailure.of("a string has the truncated escape '\\" + kind + "'");
        }
        long point = Long.parseLong(body.substring(position, end), radix);
        if (point > Character.MAX_CODE_POINT) {
            throw TemplateFailure.of("a string has an escape beyond U+10FFFF");
        }
        decoded.appendCodePoint((int) point);
        position = end;
    }
}
