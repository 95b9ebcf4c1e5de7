package io.apus.jobs.launch;

import io.apus.spark.barrier.BarrierStage;
import io.apus.spark.barrier.StopSignal;
import java.io.PrintStream;
import org.apache.spark.SparkContext;

/**
 * What happens when the process is told to end (Ctrl-C, a scheduler) while stages run. Ranks that train are asked to stop first; they
 * leave a checkpoint and the run ends by itself. Otherwise, and at the second signal, the process ends at once with one line, instead of
 * what Spark's parts say of each other's disappearance.
 */
final class Interruption implements AutoCloseable {
    private static boolean handled;

    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    static Interruption announce(SparkContext context, PrintStream err) {
        handleSignals(err);
        Thread hook = new Thread(() -> {
            context.setLogLevel("OFF");
            err.println("Interrupted. The same command goes on from what is committed.");
        });
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    private static synchronized void handleSignals(PrintStream err) {
        if (!handled) {
            StopSignal.handle(() -> stop(err));
            handled = true;
        }
    }

    private static boolean stop(PrintStream err) {
        boolean asked = BarrierStage.stopAll();
        if (asked) {
            err.println("Stopping after the step at hand, with a checkpoint. A second signal ends the run at once.");
        }
        return asked;
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
