package io.apus.jobs.launch;

/** A stage ended early because it was asked to, and well: the same command goes on from there. No failure, and no success either. */
public final class StoppedRun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param where how far it came, e.g. "train stopped after step 120 of 500" */
    public StoppedRun(String where) {
        super(where + ". The same command goes on from there.");
    }
}
