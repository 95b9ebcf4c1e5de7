package io.apus.jobs.dist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A cluster on this machine that spark-submit can be pointed to. */
interface Cluster extends AutoCloseable {
    /**
     * Starts {@code main} of {@code jar} by spark-submit.
     *
     * @param options of spark-submit beside those that name the cluster
     */
    Programs.Running begin(List<String> options, String main, Path jar, List<String> args) throws IOException;

    /** The processes that the cluster runs for what was submitted. */
    List<ProcessHandle> executors();

    @Override
    void close() throws InterruptedException;
}
