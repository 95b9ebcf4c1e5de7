package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads expressions with Jinja2's precedence: condition, or, and, not, comparison, + -, ~, * / // %, **, sign, postfix, filters. */
final class ExpressionParser {
    private static final int MAX_DEPTH = 150;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

    private final TokenStream tokens;
    private int depth;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    Expression condition() {
        if (++depth > MAX_DEPTH) {
            throw TemplateFailure.at(
                    tokens.current().line(), "the expression is nested more than " + MAX_DEPTH + " deep");
        }
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression test = or();
            Expression otherwise = tokens.skipName("else") ? condition() : null;
            value = new Expression.Conditional(test, value, otherwise);
        }
        depth--;
        return value;
    }

    /** One expression, or several with commas as a tuple; {@code conditional} allows the inline if. */
    Expression tuple(boolean conditional) {
        Expression first = conditional ? condition() : or();
        if (!tokens.current().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !endsTuple()) {
            items.add(conditional ? condition() : or());
        }
        return new Expression.Sequence(items, true);
    }

    private boolean endsTuple() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case VARIABLE_END, BLOCK_END -> true;
            case OPERATOR -> token.text().equals(")");
            default -> token.isName("recursive");
        };
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Logic(false, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.Logic(true, left, not());
        }
        return left;
    }

    private Expression not() {
        boolean negated = false;
        boolean any = false;
        while (tokens.skipName("not")) {
            negated = !negated;
            any = true;
        }
        Expression value = comparison();
        if (!any) {
            return value;
        }
        return negated ? new Expression.Not(value) : new Expression.Not(new Expression.Not(value));
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>();
        for (String operator = comparator(); operator != null; operator = comparator()) {
            operators.add(operator);
            operands.add(sum());
        }
        return operators.isEmpty() ? first : new Expression.Comparison(first, operators, operands);
    }

    private String comparator() {
        Token token = tokens.current();
        if (token.kind() == TokenKind.OPERATOR && COMPARISONS.contains(token.text())) {
            return tokens.next().text();
        }
        if (tokens.skipName("in")) {
            return "in";
        }
        if (token.isName("not") && tokens.lookAhead().isName("in")) {
            tokens.next();
            tokens.next();
            return "not in";
        }
        return null;
    }

    private Expression sum() {
        Expression left = concat();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            left = new Expression.Binary(tokens.next().text(), left, concat());
        }
        return left;
    }

    private Expression concat() {
        Expression first = product();
        if (!tokens.current().isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concat(parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.current().kind() == TokenKind.OPERATOR
                && PRODUCTS.contains(tokens.current().text())) {
            left = new Expression.Binary(tokens.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    /** Filters bind to the signed value: {@code -1|abs} is 1. */
    private Expression unary(boolean withFilters) {
        Token token = tokens.current();
        Expression value;
        if (token.isOperator("-") || token.isOperator("+")) {
            if (++depth > MAX_DEPTH) {
                throw TemplateFailure.at(token.line(), "the expression is nested more than " + MAX_DEPTH + " deep");
            }
            tokens.next();
            value = new Expression.Sign(token.text().equals("-"), unary(false));
            depth--;
        } else {
            value = postfix(primary());
        }
        return withFilters ? filters(value) : value;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token);
            case STRING -> strings(token);
            case INTEGER -> new Expression.Literal(integer(token));
            case FLOAT -> new Expression.Literal(Double.valueOf(token.text().replace("_", "")));
            case OPERATOR -> bracketed(token);
            default -> throw TemplateFailure.at(token.line(), "expected an expression, found " + token.spoken());
        };
    }

    private static Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(null);
            default -> new Expression.Name(token.text());
        };
    }

    private Expression strings(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (tokens.current().kind() == TokenKind.STRING) {
            text.append(tokens.next().text());
        }
        return new Expression.Literal(text.toString());
    }

    private static Long integer(Token token) {
        String digits = token.text().replace("_", "").toLowerCase(java.util.Locale.ROOT);
        try {
            if (digits.length() > 2 && !Character.isDigit(digits.charAt(1))) {
                int radix = digits.charAt(1) == 'x' ? 16 : digits.charAt(1) == 'o' ? 8 : 2;
                return Long.valueOf(digits.substring(2), radix);
            }
            return Long.valueOf(digits);
        } catch (NumberFormatException e) {
            throw TemplateFailure.at(token.line(), "the number " + token.text() + " does not fit 64 bits");
        }
    }

    private Expression bracketed(Token open) {
        return switch (open.text()) {
            case "(" -> {
                if (tokens.skipOperator(")")) {
                    yield new Expression.Sequence(List.of(), true);
                }
                Expression inside = tuple(true);
                tokens.expectOperator(")");
                yield inside;
            }
            case "[" -> new Expression.Sequence(items("]"), false);
            case "{" -> mapping();
            default -> throw TemplateFailure.at(open.line(), "expected an expression, found " + open.spoken());
        };
    }

    private List<Expression> items(String close) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator(close)) {
            items.add(condition());
            if (!tokens.current().isOperator(close)) {
                tokens.expectOperator(",");
            }
        }
        return items;
    }

    private Expression mapping() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            keys.add(condition());
            tokens.expectOperator(":");
            values.add(condition());
            if (!tokens.current().isOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        return new Expression.Mapping(keys, values);
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (tokens.current().kind() == TokenKind.OPERATOR) {
            Token token = tokens.current();
            switch (token.text()) {
                case "." -> {
                    tokens.next();
                    value = dotted(value);
                }
                case "[" -> {
                    tokens.next();
                    value = subscript(value);
                }
                case "(" -> value = new Expression.Call(value, arguments(), token.line());
                default -> {
                    return value;
                }
            }
        }
        return value;
    }

    private Expression dotted(Expression owner) {
        if (tokens.current().kind() == TokenKind.INTEGER) {
            return new Expression.Index(owner, new Expression.Literal(integer(tokens.next())));
        }
        return new Expression.Attribute(owner, tokens.expect(TokenKind.NAME).text());
    }

    private Expression subscript(Expression owner) {
        Expression start = tokens.current().isOperator(":") ? null : tuple(true);
        if (start != null && tokens.skipOperator("]")) {
            return new Expression.Index(owner, start);
        }
        tokens.expectOperator(":");
        Expression stop = sliceEnds() ? null : condition();
        Expression step = null;
        if (tokens.skipOperator(":")) {
            step = sliceEnds() ? null : condition();
        }
        tokens.expectOperator("]");
        return new Expression.Slice(owner, start, stop, step);
    }

    private boolean sliceEnds() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]");
    }

    /** {@code | filter} and {@code is test} after a value, as often as they come. */
    Expression filters(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.skipOperator("|")) {
                value = filter(value);
            } else if (tokens.current().isName("is")) {
                value = test(value);
            } else if (tokens.current().isOperator("(")) {
                value = new Expression.Call(value, arguments(), tokens.current().line());
            } else {
                return value;
            }
        }
    }

    /** One filter after its bar. */
    Expression filter(Expression input) {
        Token name = tokens.expect(TokenKind.NAME);
        StringBuilder dotted = new StringBuilder(name.text());
        while (tokens.skipOperator(".")) {
            dotted.append('.').append(tokens.expect(TokenKind.NAME).text());
        }
        Filters.requireKnown(dotted.toString(), name.line());
        ArgumentList arguments = tokens.current().isOperator("(") ? arguments() : ArgumentList.EMPTY;
        return new Expression.Filter(input, dotted.toString(), arguments, name.line());
    }

    private Expression test(Expression input) {
        tokens.next();
        boolean negated = tokens.skipName("not");
        Token name = tokens.expect(TokenKind.NAME);
        Tests.requireKnown(name.text(), name.line());
        ArgumentList arguments = ArgumentList.EMPTY;
        if (tokens.current().isOperator("(")) {
            arguments = arguments();
        } else if (startsOperand(tokens.current())) {
            arguments = ArgumentList.of(postfix(primary()));
        }
        Expression test = new Expression.Test(input, name.text(), arguments, name.line());
        return negated ? new Expression.Not(test) : test;
    }

    private static boolean startsOperand(Token token) {
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME ->
                !Set.of("else", "or", "and", "is", "if", "not", "in", "recursive")
                        .contains(token.text());
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            default -> false;
        };
    }

    private ArgumentList arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Expression rest = null;
        Expression more = null;
        while (!tokens.skipOperator(")")) {
            if (tokens.skipOperator("*")) {
                rest = condition();
            } else if (tokens.skipOperator("**")) {
                more = condition();
            } else if (tokens.current().kind() == TokenKind.NAME
                    && tokens.lookAhead().isOperator("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, condition());
            } else if (named.isEmpty()) {
                positional.add(condition());
            } else {
                throw tokens.unexpected("a named argument after a named argument");
            }
            if (!tokens.current().isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new ArgumentList(positional, named, rest, more);
    }
}
