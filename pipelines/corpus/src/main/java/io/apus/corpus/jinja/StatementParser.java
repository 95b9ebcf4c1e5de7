package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads text, prints and block tags. */
final class StatementParser {
    private static final int MAX_DEPTH = 100;
    private static final Set<String> KNOWN =
            Set.of("for", "if", "set", "macro", "call", "filter", "with", "generation", "break", "continue", "raw");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;
    private boolean hasGeneration;

    private StatementParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /** The statements of a template, and whether it marks what the assistant generates. */
    record Parsed(List<Statement> body, boolean hasGeneration) {}

    static Parsed parse(String source) {
        StatementParser parser = new StatementParser(new TokenStream(Lexer.tokens(source)));
        List<Statement> body = parser.body(Set.of());
        return new Parsed(body, parser.hasGeneration);
    }

    /** Statements up to a block tag whose name is in {@code ends}; the name stays the current token. */
    private List<Statement> body(Set<String> ends) {
        if (++depth > MAX_DEPTH) {
            throw TemplateFailure.at(tokens.current().line(), "blocks are nested more than " + MAX_DEPTH + " deep");
        }
        List<Statement> body = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> body.add(new Statement.Data(token.text()));
                case VARIABLE_BEGIN -> {
                    body.add(new Statement.Print(expressions.tuple(true), token.line()));
                    tokens.expect(TokenKind.VARIABLE_END);
                }
                case BLOCK_BEGIN -> {
                    if (ends.contains(tokens.current().text())) {
                        depth--;
                        return body;
                    }
                    body.add(statement(tokens.expect(TokenKind.NAME)));
                    tokens.expect(TokenKind.BLOCK_END);
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw TemplateFailure.at(
                                token.line(),
                                "a block is not closed: expected "
                                        + String.join(
                                                " or ", ends.stream().sorted().toList()));
                    }
                    return body;
                }
            }
        }
    }

    private Statement statement(Token name) {
        return switch (name.text()) {
            case "for" -> loop(name.line());
            case "if" -> branch(name.line());
            case "set" -> assignment(name.line());
            case "macro" -> macro(name.line());
            case "call" -> call(name.line());
            case "filter" -> filter(name.line());
            case "with" -> with(name.line());
            case "generation" -> generation();
            case "break" -> jump(Flow.BREAK, name);
            case "continue" -> jump(Flow.CONTINUE, name);
            default ->
                throw TemplateFailure.at(
                        name.line(),
                        "unknown tag '" + name.text() + "'; known tags are "
                                + String.join(", ", KNOWN.stream().sorted().toList()));
        };
    }

    private List<Statement> blockUntil(String end) {
        tokens.expect(TokenKind.BLOCK_END);
        List<Statement> body = body(Set.of(end));
        tokens.next();
        return body;
    }

    private Statement loop(int line) {
        Target target = targets(false);
        if (!tokens.skipName("in")) {
            throw tokens.unexpected("'in'");
        }
        Expression items = expressions.tuple(false);
        Expression condition = tokens.skipName("if") ? expressions.condition() : null;
        boolean isRecursive = tokens.skipName("recursive");
        tokens.expect(TokenKind.BLOCK_END);
        loops++;
        List<Statement> body = body(Set.of("endfor", "else"));
        loops--;
        List<Statement> otherwise = tokens.next().isName("else") ? blockUntil("endfor") : List.of();
        return new ForStatement(target, items, condition, isRecursive, body, otherwise, line);
    }

    private Statement branch(int line) {
        Expression condition = expressions.tuple(false);
        tokens.expect(TokenKind.BLOCK_END);
        List<Statement> body = body(Set.of("elif", "else", "endif"));
        Token next = tokens.next();
        List<Statement> otherwise = List.of();
        if (next.isName("elif")) {
            otherwise = List.of(branch(next.line()));
        } else if (next.isName("else")) {
            otherwise = blockUntil("endif");
        }
        return new Statement.If(condition, body, otherwise, line);
    }

    private Statement assignment(int line) {
        Target target = targets(true);
        if (tokens.skipOperator("=")) {
            return new Statement.Assign(target, expressions.tuple(true), line);
        }
        Expression filtered = expressions.filters(new Expression.Name(Body.NAME));
        return new Statement.AssignBlock(target, blockUntil("endset"), filtered, line);
    }

    private Statement filter(int line) {
        Expression filtered = expressions.filters(expressions.filter(new Expression.Name(Body.NAME)));
        return new Statement.FilterBlock(blockUntil("endfilter"), filtered, line);
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.current().kind() != TokenKind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(target(false));
            tokens.expectOperator("=");
            values.add(expressions.condition());
        }
        return new Statement.With(targets, values, blockUntil("endwith"), line);
    }

    private Statement macro(int line) {
        String name = tokens.expect(TokenKind.NAME).text();
        return new Statement.MacroDefinition(name, macroBody("endmacro"), line);
    }

    private Statement call(int line) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        if (tokens.current().isOperator("(")) {
            signature(parameters, defaults);
        }
        if (!(expressions.condition() instanceof Expression.Call call)) {
            throw TemplateFailure.at(line, "a call block needs a call, such as {% call box('title') %}");
        }
        return new Statement.CallBlock(call, new MacroBody(parameters, defaults, blockUntil("endcall")), line);
    }

    private MacroBody macroBody(String end) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        signature(parameters, defaults);
        return new MacroBody(parameters, defaults, blockUntil(end));
    }

    private void signature(List<String> parameters, List<Expression> defaults) {
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            parameters.add(tokens.expect(TokenKind.NAME).text());
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.condition());
            } else if (!defaults.isEmpty()) {
                throw tokens.unexpected("a default, as the parameter before has one");
            }
            if (!tokens.current().isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
    }

    private Statement generation() {
        hasGeneration = true;
        return new Statement.Generation(blockUntil("endgeneration"));
    }

    private Statement jump(Flow flow, Token name) {
        if (loops == 0) {
            throw TemplateFailure.at(name.line(), "'" + name.text() + "' outside of a loop");
        }
        return new Statement.Jump(flow);
    }

    private Target targets(boolean withNamespace) {
        boolean isBracketed = tokens.skipOperator("(");
        List<Target> targets = new ArrayList<>(List.of(target(withNamespace)));
        boolean isTuple = false;
        while (tokens.skipOperator(",")) {
            isTuple = true;
            if (tokens.current().kind() == TokenKind.NAME && !tokens.current().isName("in")) {
                targets.add(target(withNamespace));
            } else if (tokens.current().isOperator("(")) {
                targets.add(targets(withNamespace));
            }
        }
        if (isBracketed) {
            tokens.expectOperator(")");
        }
        return isTuple ? new Target.Unpacked(targets) : targets.get(0);
    }

    private Target target(boolean withNamespace) {
        if (tokens.current().isOperator("(")) {
            return targets(withNamespace);
        }
        String name = tokens.expect(TokenKind.NAME).text();
        if (withNamespace && tokens.skipOperator(".")) {
            return new Target.NamespaceAttribute(
                    name, tokens.expect(TokenKind.NAME).text());
        }
        return new Target.Variable(name);
    }
}
