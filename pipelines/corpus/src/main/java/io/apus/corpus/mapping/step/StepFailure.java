package io.apus.corpus.mapping.step;

/** Ends the mapping of one row; it becomes a reject, so it carries no stack trace. */
public final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The row is not as the mapping needs it. */
    public static final String MAPPING_FAILED = "mapping_failed";

    /** The mapping leaves such rows out. */
    public static final String FILTERED_BY_MAPPING = "filtered_by_mapping";

    private final String reason;

    private StepFailure(String reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public static StepFailure broken(String detail) {
        return new StepFailure(MAPPING_FAILED, detail);
    }

    public static StepFailure unwanted(String detail) {
        return new StepFailure(FILTERED_BY_MAPPING, detail);
    }

    /** {@link #MAPPING_FAILED} or {@link #FILTERED_BY_MAPPING}. */
    public String reason() {
        return reason;
    }
}
