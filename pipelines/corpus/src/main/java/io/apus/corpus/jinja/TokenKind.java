package io.apus.corpus.jinja;

/** What a token of a template is. */
enum TokenKind {
    DATA("text"),
    VARIABLE_BEGIN("'{{'"),
    VARIABLE_END("'}}'"),
    BLOCK_BEGIN("'{%'"),
    BLOCK_END("'%}'"),
    NAME("a name"),
    STRING("a string"),
    INTEGER("a number"),
    FLOAT("a number"),
    OPERATOR("an operator"),
    END("the end of the template");

    private final String spoken;

    TokenKind(String spoken) {
        this.spoken = spoken;
    }

    /** How an error message calls it. */
    String spoken() {
        return spoken;
    }
}
