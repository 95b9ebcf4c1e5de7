package io.apus.spark.barrier;

import io.apus.schemas.World;

/** What a rank is given: its place among the others and its way to the driver. */
public interface RankContext {
    World world();

    /** Where the rank shall compute: the GPU that Spark has given to it, as "cuda:1", or "cpu". */
    String device();

    /** Brings one JSON line to the driver while the rank still runs. */
    void report(String line);

    /**
     * True once somebody wants the ranks to end early and well: the driver, Spark (a cancelled job, a session that is stopped) or the
     * system (SIGTERM). Not all ranks hear of it, nor at the same time. A task that asks is given time; one that never does is
     * interrupted when Spark kills it.
     */
    boolean stopRequested();
}
