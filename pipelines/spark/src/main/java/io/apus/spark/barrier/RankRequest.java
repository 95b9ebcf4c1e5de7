package io.apus.spark.barrier;

/**
 * What each rank asks of the cluster.
 *
 * @param cpus cores; null for those of any task of the session
 * @param gpus 1, or 0 to compute on the CPU; null for what the session gives its tasks, or 1 where its executors have GPUs
 */
public record RankRequest(Integer cpus, Integer gpus) {
    /** What the session's settings say. */
    public static RankRequest ofSession() {
        return new RankRequest(null, null);
    }
}
