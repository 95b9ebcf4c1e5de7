package io.apus.corpus.jinja;

import java.util.IdentityHashMap;
import java.util.Map;

/** The state of one rendering: variables, output, limits and, when tracing, the current loop pass. */
final class Context {
    private final Budget budget = new Budget();
    private final IdentityHashMap<Object, Integer> owners;
    private final boolean tracing;
    private Scope scope;
    private TextBuilder out = new TextBuilder();
    private Iteration iteration;
    private int generating;
    private int line = 1;

    /** {@code owners} maps each owning item (by identity) to its index; null for an untraced rendering. */
    Context(Scope scope, IdentityHashMap<Object, Integer> owners) {
        this.scope = scope;
        this.owners = owners;
        this.tracing = owners != null;
    }

    Budget budget() {
        return budget;
    }

    Scope scope() {
        return scope;
    }

    int line() {
        return line;
    }

    void at(int statementLine) {
        line = statementLine;
        budget.step();
    }

    void emit(CharSequence text) {
        budget.text(text.length());
        out.append(text, iteration, generating > 0);
        if (out.length() > Budget.MAX_TEXT) {
            throw TemplateFailure.of("the output is longer than " + Budget.MAX_TEXT + " characters");
        }
    }

    /** Strings put together by an expression; when tracing, the current loop pass claims what nobody claimed. */
    CharSequence concat(CharSequence first, CharSequence second) {
        budget.text((long) first.length() + second.length());
        if (!tracing) {
            return first.toString().concat(second.toString());
        }
        return new TextBuilder()
                .append(first, iteration, false)
                .append(second, iteration, false)
                .build();
    }

    /** Runs a body and returns what it printed. */
    CharSequence capture(Runnable body) {
        TextBuilder kept = out;
        out = new TextBuilder();
        try {
            body.run();
            return out.build();
        } finally {
            out = kept;
        }
    }

    CharSequence output() {
        return out.build();
    }

    /** Runs a body in a scope of its own inside {@code around}. */
    <T> T within(Scope around, java.util.function.Supplier<T> body) {
        Scope kept = scope;
        scope = around.inner();
        try {
            return body.get();
        } finally {
            scope = kept;
        }
    }

    /** Runs one pass of a loop over {@code item}. */
    <T> T pass(Object item, java.util.function.Supplier<T> body) {
        Iteration kept = iteration;
        if (tracing) {
            Integer owner = item instanceof Map ? owners.get(item) : null;
            iteration = new Iteration(kept, owner == null ? -1 : owner);
        }
        try {
            return within(scope, body);
        } finally {
            iteration = kept;
        }
    }

    /** Runs the body of a {@code {% generation %}} block. */
    Flow generation(java.util.function.Supplier<Flow> body) {
        generating++;
        try {
            return body.get();
        } finally {
            generating--;
        }
    }
}
