package io.apus.jobs.launch;

/** Where long work says how far it is: a bar on a terminal, a line now and then elsewhere, and the Spark job description. */
public interface Progress {
    /** Begins a phase of {@code total} units; 0 means unknown. Ends the phase before it. */
    void begin(String phase, long total);

    /** {@code done} units are done; {@code note} is shown behind the bar, e.g. "loss 2.31  3.1k tok/s". */
    void update(long done, String note);

    /** Ends the phase; {@code note} is its last word, e.g. "492 samples, 12 refused". */
    void end(String note);
}
