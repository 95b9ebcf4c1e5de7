package io.apus.corpus.jinja;

/** An object with a fixed set of attributes, such as {@code loop}. */
interface Attributes {
    /** The attribute's value, or an {@link Undefined}. */
    Object attribute(String name);
}
