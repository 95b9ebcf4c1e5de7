package io.apus.corpus.jinja;

/** A filter: the piped value and the arguments in parentheses. */
@FunctionalInterface
interface FilterFunction {
    Object apply(Context context, Object value, Arguments arguments);
}
