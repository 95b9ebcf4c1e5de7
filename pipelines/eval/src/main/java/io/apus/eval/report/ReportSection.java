package io.apus.eval.report;

/** A part of the report with a heading of its own. */
interface ReportSection {
    String title();

    /** One sentence for a reader who sees such a report for the first time. */
    String explanation();

    /** Whether the run has anything to show here. */
    boolean isPresent(RunFacts run);

    void write(RunFacts run, Html html);
}
