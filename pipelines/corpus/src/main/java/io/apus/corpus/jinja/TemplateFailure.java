package io.apus.corpus.jinja;

/** What went wrong inside a template, before {@link JinjaTemplate} turns it into a user error that names the line. */
final class TemplateFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final boolean raised;

    private TemplateFailure(String message, int line, boolean raised) {
        super(message, null, false, false);
        this.line = line;
        this.raised = raised;
    }

    /** A failure whose line is the statement under evaluation. */
    static TemplateFailure of(String message) {
        return new TemplateFailure(message, 0, false);
    }

    /** A failure at a known line of the template. */
    static TemplateFailure at(int line, String message) {
        return new TemplateFailure(message, line, false);
    }

    /** The template itself refused its input with {@code raise_exception}. */
    static TemplateFailure raised(String message) {
        return new TemplateFailure(message, 0, true);
    }

    int lineOr(int current) {
        return line > 0 ? line : current;
    }

    boolean wasRaised() {
        return raised;
    }
}
