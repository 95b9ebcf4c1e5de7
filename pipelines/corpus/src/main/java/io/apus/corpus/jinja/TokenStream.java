package io.apus.corpus.jinja;

import java.util.List;

/** The tokens of a template with a position, for the parsers. */
final class TokenStream {
    private final List<Token> tokens;
    private int position;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(position);
    }

    Token lookAhead() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(position);
        if (token.kind() != TokenKind.END) {
            position++;
        }
        return token;
    }

    boolean skipOperator(String operator) {
        boolean found = current().isOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = current().isName(name);
        if (found) {
            next();
        }
        return found;
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    Token expect(TokenKind kind) {
        if (current().kind() != kind) {
            throw unexpected(kind.spoken());
        }
        return next();
    }

    TemplateFailure unexpected(String wanted) {
        return TemplateFailure.at(
                current().line(), "expected " + wanted + ", found " + current().spoken());
    }
}
