package io.apus.jobs.data.stream;

import io.apus.schemas.manifest.RunLayout;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a stream keeps what it needs to go on, below {@code stream/} of the run's folder. What it publishes lies where a run's stages lie.
 *
 * @param run the run's folder
 */
record StreamLayout(RunLayout run) {
    /** Which batches there were: Spark's own record. */
    Path checkpoint() {
        return folder().resolve("checkpoint");
    }

    /** What is committed; replaced by every batch at once. */
    Path state() {
        return folder().resolve("state.json");
    }

    /** The table {@code taken}. */
    Path taken() {
        return folder().resolve("taken");
    }

    /** The batch at work, laid out like a run; emptied by the next. */
    RunLayout batch() {
        return new RunLayout(folder().resolve("batch"));
    }

    static String shardPrefix(long batch) {
        return String.format(Locale.ROOT, "batch-%08d-", batch);
    }

    private Path folder() {
        return run.stage("stream");
    }
}
