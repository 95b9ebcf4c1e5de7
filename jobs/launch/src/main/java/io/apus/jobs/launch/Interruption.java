package io.apus.jobs.launch;

import java.io.PrintStream;
import org.apache.spark.SparkContext;

/**
 * What happens when the process is told to end (Ctrl-C, a scheduler) while stages run: one line, instead of what Spark's parts say of
 * each other's disappearance.
 */
final class Interruption implements AutoCloseable {
    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    static Interruption announce(SparkContext context, PrintStream err) {
        Thread hook = new Thread(() -> {
            context.setLogLevel("OFF");
            err.println("Interrupted. The same command goes on from what is committed.");
        });
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    /** The run came to its own end. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The hook has run or is running: there is nothing left to take back.
            return;
        }
    }
}
