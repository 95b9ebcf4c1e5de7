package io.apus.spark.ui;

/**
 * What a rank did between two log lines.
 *
 * @param memoryBytes of its process that lay in memory at the end
 * @param peakMemoryBytes most that ever lay in memory
 * @param tokensPerSecond tokens that it read itself
 * @param stepSeconds duration of a step
 * @param busySeconds its own passes within a step; the rest it waited for others or updated weights
 */
public record RankRow(
        int rank,
        long memoryBytes,
        long peakMemoryBytes,
        double tokensPerSecond,
        double stepSeconds,
        double busySeconds) {}
