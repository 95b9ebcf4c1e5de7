package io.apus.corpus.jinja;

/** One pass of a {@code for} loop in a traced rendering; passes over owning items (messages) know which item they handle. */
final class Iteration {
    private final Iteration outer;
    private final int item;
    private final Origin origin = new Origin(-1, null, this, false);

    Iteration(Iteration outer, int item) {
        this.outer = outer;
        this.item = item;
    }

    /** What the template's own characters, put together in this pass, are tagged with. */
    Origin origin() {
        return origin;
    }

    /** The item handled by this pass or by one around it, -1 where none is. */
    int owner() {
        if (item >= 0) {
            return item;
        }
        return outer == null ? -1 : outer.owner();
    }

    /** The outermost pass around this one. */
    Iteration outermost() {
        return outer == null ? this : outer.outermost();
    }
}
