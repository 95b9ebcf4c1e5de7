package io.apus.train.loop;

import java.util.List;

/** Keeps a run's state. Every rank makes the same calls after the same steps. */
public interface Saving {
    /** Begins to keep {@code state}, or does it. */
    void save(LoopState state);

    /** What has been kept completely since the last call, on this rank and all others. */
    List<Saved> saved();

    /** As {@link #saved()}, once nothing is under way any more: the run is at its {@code end}. */
    List<Saved> finish(LoopState end);

    /**
     * A checkpoint that is complete.
     *
     * @param step steps done
     * @param location its folder, as a person would write it
     */
    record Saved(int step, String location) {}
}
