package io.apus.corpus.jinja;

/**
 * Bounds on one rendering, so that a hostile template can neither hang nor exhaust memory. The numbers are far above what real chat
 * templates and long conversations need.
 */
final class Budget {
    static final int MAX_RANGE = 100_000;
    static final int MAX_TEXT = 16 << 20;
    private static final int MAX_LIST = 1 << 20;
    private static final int MAX_MACRO_DEPTH = 100;
    private static final long MAX_WORK = 6_000_000L * 64;

    private long work;
    private int depth;

    /** One evaluation of something. */
    void step() {
        spend(64);
    }

    /** A string of this many characters is about to be made. */
    void text(long length) {
        fits(length);
        spend(length);
    }

    /** A text being put together has grown to this many characters. */
    static void fits(long length) {
        if (length > MAX_TEXT) {
            throw TemplateFailure.of(
                    "the template makes a text of " + length + " characters (the limit is " + MAX_TEXT + ")");
        }
    }

    /** A list of this many elements is about to be made. */
    void list(long size) {
        if (size > MAX_LIST) {
            throw TemplateFailure.of(
                    "the template makes a list of " + size + " elements (the limit is " + MAX_LIST + ")");
        }
        spend(size * 16);
    }

    private void spend(long amount) {
        work += amount;
        if (work > MAX_WORK) {
            throw TemplateFailure.of("the template does not come to an end within its limit of work");
        }
    }

    void enter() {
        if (++depth > MAX_MACRO_DEPTH) {
            throw TemplateFailure.of("macros call each other more than " + MAX_MACRO_DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }
}
