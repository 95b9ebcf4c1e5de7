package io.apus.corpus.tokenize;

/** A sample that cannot be used, with the code and the line of its reject. */
final class RefusedSample extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    RefusedSample(String reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
