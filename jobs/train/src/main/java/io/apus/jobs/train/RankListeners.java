package io.apus.jobs.train;

import io.apus.spark.barrier.RankListener;
import java.util.List;

/** Tells several what the ranks say. */
record RankListeners(List<RankListener> all) implements RankListener {
    @Override
    public void report(int rank, String line) {
        all.forEach(listener -> listener.report(rank, line));
    }

    @Override
    public void log(int rank, String line) {
        all.forEach(listener -> listener.log(rank, line));
    }

    @Override
    public void retried(int attempt, String reason) {
        all.forEach(listener -> listener.retried(attempt, reason));
    }

    @Override
    public void warning(String message) {
        all.forEach(listener -> listener.warning(message));
    }
}
