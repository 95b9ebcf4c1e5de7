package io.apus.corpus.jinja;

import java.util.List;

/** Parameters and statements of a macro or call block; {@code defaults} belong to the last parameters. */
record MacroBody(List<String> parameters, List<Expression> defaults, List<Statement> statements) {
    /** The default of a parameter, or null. */
    Expression defaultOf(int parameter) {
        int index = parameter - (parameters.size() - defaults.size());
        return index < 0 ? null : defaults.get(index);
    }
}
