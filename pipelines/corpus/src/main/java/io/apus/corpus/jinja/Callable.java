package io.apus.corpus.jinja;

/** Anything that a template can call: globals, methods bound to their object, macros, {@code caller}. */
@FunctionalInterface
interface Callable {
    Object call(Context context, Arguments arguments);
}
