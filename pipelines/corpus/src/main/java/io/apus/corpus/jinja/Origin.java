package io.apus.corpus.jinja;

/**
 * Where a piece of a traced string comes from.
 *
 * @param item index of the owning item (a message) whose data the characters are, or -1 for characters of the template or of other
 *     variables
 * @param mark a name that the caller gave to a variable's value (see {@link JinjaTemplate#trace}), or null
 * @param turn the loop iteration in which the characters were put together, null while they are still only a value
 * @param generated whether they were emitted inside a {@code {% generation %}} block
 */
record Origin(int item, String mark, Iteration turn, boolean generated) {
    /** Characters that nobody has claimed yet. */
    static final Origin NONE = new Origin(-1, null, null, false);

    static Origin ofItem(int item) {
        return new Origin(item, null, null, false);
    }

    static Origin marked(String mark) {
        return new Origin(-1, mark, null, false);
    }

    /** The same source, claimed by an iteration unless one claimed it before. */
    Origin claimedBy(Iteration iteration, boolean insideGeneration) {
        boolean claims = turn == null && iteration != null;
        if (!claims && generated == (generated || insideGeneration)) {
            return this;
        }
        return new Origin(item, mark, claims ? iteration : turn, generated || insideGeneration);
    }
}
