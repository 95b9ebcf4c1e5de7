package io.apus.spark.barrier;

/** Hears on the driver what the ranks say while they run. Calls come one at a time, but not on the thread that started the stage. */
@FunctionalInterface
public interface RankListener {
    /** One line of {@code rank}, in the order in which that rank reported them. */
    void report(int rank, String line);

    /** A line that {@code rank} printed or logged, of whatever attempt. */
    default void log(int rank, String line) {}

    /**
     * An executor was lost and all ranks are being started again.
     *
     * @param attempt 1 for the first retry
     * @param reason what Spark says of the loss
     */
    default void retried(int attempt, String reason) {}

    /** Something that the user should know but that does not stop the run. */
    default void warning(String message) {}
}
