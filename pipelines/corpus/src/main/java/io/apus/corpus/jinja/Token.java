package io.apus.corpus.jinja;

/** One token with the line (from 1) on which it starts; {@code text} is unescaped for strings. */
record Token(TokenKind kind, String text, int line) {
    boolean isOperator(String operator) {
        return kind == TokenKind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == TokenKind.NAME && text.equals(name);
    }

    /** How an error message shows it. */
    String spoken() {
        return switch (kind) {
            case NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
            default -> kind.spoken();
        };
    }
}
