package io.apus.spark.barrier;

import io.apus.schemas.World;

/** What a rank is given: its place among the others and its way to the driver. */
public interface RankContext {
    World world();

    /** Brings one JSON line to the driver while the rank still runs. */
    void report(String line);
}
