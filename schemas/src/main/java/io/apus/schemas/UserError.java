package io.apus.schemas;

/**
 * A mistake that the user can mend: the command ends with exit code 2 and this one line, without a stack trace.
 *
 * <p>The line reads "problem: cause. cure." Anything else that escapes is a bug and ends with exit code 1 and its stack trace.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param problem what could not be done, e.g. "Cannot load weights"
     * @param cause what was found and what was expected, without a final full stop
     * @param cure what to do about it, a whole sentence; may be empty when the cause says it
     */
    public UserError(String problem, String cause, String cure) {
        super(problem + ": " + cause + (cure.isEmpty() ? "." : ". " + cure));
    }

    /** As the three-part form, keeping the exception that revealed it for the log. */
    public UserError(String problem, String cause, String cure, Throwable revealedBy) {
        this(problem, cause, cure);
        initCause(revealedBy);
    }

    private UserError(String line) {
        super(line);
    }

    /** The error that {@code line}, another's message, tells of: for one that has come from another process. */
    public static UserError ofLine(String line) {
        return new UserError(line);
    }
}
