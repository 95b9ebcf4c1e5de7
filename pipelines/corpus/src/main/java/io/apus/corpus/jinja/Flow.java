package io.apus.corpus.jinja;

/** How a statement ended. */
enum Flow {
    NORMAL,
    BREAK,
    CONTINUE
}
