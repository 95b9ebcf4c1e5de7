package io.apus.corpus.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts the inside of one {@code {{ }}} or {@code {% %}} tag into names, numbers, strings and operators. */
final class TagLexer {
    private static final Pattern VARIABLE_END = Pattern.compile("-\\}\\}\\s*|\\}\\}");
    private static final Pattern BLOCK_END = Pattern.compile("\\+%\\}|-%\\}\\s*|%\\}\\n?");
    private static final Pattern FLOAT =
            Pattern.compile("(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|\\d(?:_?\\d)*");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}\\p{Nd}\\p{Pc}]*");
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,;]");

    private final String source;
    private final Pattern end;
    private final String endSpoken;
    private final List<Token> tokens;
    private final Deque<Character> open = new ArrayDeque<>();
    private int position;
    private int line;

    TagLexer(String source, int position, int line, boolean isVariable, List<Token> tokens) {
        this.source = source;
        this.position = position;
        this.line = line;
        this.end = isVariable ? VARIABLE_END : BLOCK_END;
        this.endSpoken = isVariable ? "'}}'" : "'%}'";
        this.tokens = tokens;
    }

    int line() {
        return line;
    }

    /** Adds the tag's tokens and returns the position after its closing mark. */
    int run() {
        int startLine = line;
        while (true) {
            skipSpace();
            if (position >= source.length()) {
                throw TemplateFailure.at(startLine, "the tag that starts here is never closed with " + endSpoken);
            }
            Matcher closing = match(end);
            if (closing != null && open.isEmpty()) {
                return closing.end();
            }
            token();
        }
    }

    private void token() {
        if (add(TokenKind.FLOAT, match(FLOAT))
                || add(TokenKind.INTEGER, match(INTEGER))
                || add(TokenKind.NAME, match(NAME))
                || string()) {
            return;
        }
        Matcher operator = match(OPERATOR);
        if (operator == null) {
            throw TemplateFailure.at(line, "unexpected character '" + source.charAt(position) + "' in a tag");
        }
        balance(operator.group().charAt(0));
        add(TokenKind.OPERATOR, operator);
    }

    private void balance(char bracket) {
        switch (bracket) {
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '{' -> open.push('}');
            case ')', ']', '}' -> {
                if (open.isEmpty() || open.pop() != bracket) {
                    throw TemplateFailure.at(line, "unexpected '" + bracket + "'");
                }
            }
            default -> {}
        }
    }

    private boolean add(TokenKind kind, Matcher found) {
        if (found == null) {
            return false;
        }
        tokens.add(new Token(kind, found.group(), line));
        position = found.end();
        return true;
    }

    private boolean string() {
        char quote = source.charAt(position);
        if (quote != '\'' && quote != '"') {
            return false;
        }
        int close = position + 1;
        while (close < source.length() && source.charAt(close) != quote) {
            close += source.charAt(close) == '\\' ? 2 : 1;
        }
        if (close >= source.length()) {
            throw TemplateFailure.at(line, "the string that starts here is never closed with " + quote);
        }
        String body = source.substring(position + 1, close);
        tokens.add(new Token(TokenKind.STRING, Escapes.decode(body), line));
        line += (int) body.chars().filter(c -> c == '\n').count();
        position = close + 1;
        return true;
    }

    private void skipSpace() {
        while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
            if (source.charAt(position++) == '\n') {
                line++;
            }
        }
    }

    private Matcher match(Pattern pattern) {
        Matcher matcher = pattern.matcher(source).region(position, source.length());
        return matcher.lookingAt() ? matcher : null;
    }
}
