package io.apus.corpus.ingest;

/** Ends the mapping of one row; caught by {@link RowMapper}, so it carries no stack trace. */
final class RefusedRow extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    RefusedRow(Refusal refusal, String detail) {
        super(detail, null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
