package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into text and tags, with {@code trim_blocks} and {@code lstrip_blocks} on, as transformers compiles chat templates
 * (Jinja2 template documentation, "Whitespace Control"). One newline at the very end of a template is dropped, as Jinja2 does.
 */
final class Lexer {
    private static final Pattern RAW = Pattern.compile("\\s*raw\\s*(-%\\}\\s*|%\\})");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(\\+%\\}|-%\\}\\s*|%\\}\\n?)");
    private static final Pattern COMMENT_END = Pattern.compile("\\+#\\}|-#\\}\\s*|#\\}\\n?");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        for (int tag = nextTag(position); tag >= 0; tag = nextTag(position)) {
            char opener = source.charAt(tag + 1);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            boolean signed = sign == '-' || sign == '+';
            text(source.substring(position, tag), sign, opener != '{');
            advance(tag + (signed ? 3 : 2));
            if (opener == '#') {
                comment();
            } else if (opener == '%' && lookingAt(RAW) != null) {
                raw();
            } else {
                tag(opener == '{');
            }
        }
        text(source.substring(position), ' ', false);
        tokens.add(new Token(TokenKind.END, "", line));
    }

    private int nextTag(int from) {
        for (int at = source.indexOf('{', from);
                at >= 0 && at + 1 < source.length();
                at = source.indexOf('{', at + 1)) {
            char next = source.charAt(at + 1);
            if (next == '{' || next == '%' || next == '#') {
                return at;
            }
        }
        return -1;
    }

    /** Text before a tag: a minus strips all whitespace, a block tag alone on its line loses its indentation unless it says plus. */
    private void text(String data, char sign, boolean isBlock) {
        String kept = data;
        if (sign == '-') {
            kept = data.stripTrailing();
        } else if (sign != '+' && isBlock) {
            int start = data.lastIndexOf('\n') + 1;
            if ((start > 0 || lineStarting) && data.substring(start).isBlank()) {
                kept = data.substring(0, start);
            }
        }
        if (!kept.isEmpty()) {
            tokens.add(new Token(TokenKind.DATA, kept, line));
        }
        advance(position + data.length());
    }

    private void comment() {
        Matcher end = COMMENT_END.matcher(source);
        if (!end.find(position)) {
            throw TemplateFailure.at(line, "the comment that starts here is never closed with '#}'");
        }
        advance(end.end());
    }

    private void raw() {
        Matcher begin = lookingAt(RAW);
        advance(begin.end());
        Matcher end = END_RAW.matcher(source);
        if (!end.find(position)) {
            throw TemplateFailure.at(line, "the raw block that starts here is never closed with '{% endraw %}'");
        }
        String sign = end.group(1);
        text(source.substring(position, end.start()), sign.isEmpty() ? ' ' : sign.charAt(0), true);
        advance(end.end());
    }

    private void tag(boolean isVariable) {
        tokens.add(new Token(isVariable ? TokenKind.VARIABLE_BEGIN : TokenKind.BLOCK_BEGIN, "", line));
        TagLexer inside = new TagLexer(source, position, line, isVariable, tokens);
        int end = inside.run();
        tokens.add(new Token(isVariable ? TokenKind.VARIABLE_END : TokenKind.BLOCK_END, "", inside.line()));
        advance(end);
    }

    private Matcher lookingAt(Pattern pattern) {
        Matcher matcher = pattern.matcher(source).region(position, source.length());
        return matcher.lookingAt() ? matcher : null;
    }

    private void advance(int to) {
        for (int i = position; i < to; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        if (to > position) {
            lineStarting = source.charAt(to - 1) == '\n';
        }
        position = to;
    }
}
