package io.apus.corpus.jinja;

import java.util.List;

/** The printed body of a filter block or block assignment, through its filters. */
final class Body {
    /** The name under which a filter chain finds the body; no template can write it. */
    static final String NAME = "(body)";

    private Body() {}

    static Object filter(List<Statement> body, Expression filtered, Context context) {
        CharSequence text = Statement.capture(body, context);
        return context.within(context.scope(), () -> {
            context.scope().set(NAME, text);
            return filtered.value(context);
        });
    }
}
