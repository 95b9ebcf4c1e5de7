package io.apus.spark.barrier;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Runs a rank's work beside Spark's task thread. Spark's interrupts would break into whatever the rank writes; here they only become
 * the wish to stop, and the task thread has time to listen to the driver.
 */
final class RankThread<R> {
    private static final Duration TICK = Duration.ofMillis(100);
    /** How long a rank that hears the wish to stop may take before it is interrupted; then Spark's task reaper takes over. */
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final RankStop stop;
    private final FutureTask<R> work;
    private final Thread thread;

    RankThread(String name, RankStop stop, Callable<R> work) {
        this.stop = stop;
        this.work = new FutureTask<>(work);
        this.thread = new Thread(this.work, name);
        thread.setDaemon(true);
    }

    /**
     * Does the work and returns its result.
     *
     * @param killed whether Spark wants the task to end
     * @param stopWanted asked now and then: whether the driver wants the ranks to stop
     * @throws Throwable what the work threw
     */
    R run(BooleanSupplier killed, BooleanSupplier stopWanted) throws Throwable {
        thread.start();
        long killedAt = 0;
        while (true) {
            try {
                return work.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException ended) {
                throw ended.getCause();
            } catch (TimeoutException stillRunning) {
                if (stopWanted.getAsBoolean()) {
                    stop.request();
                }
            } catch (InterruptedException wanted) {
                stop.request();
            }
            if (killed.getAsBoolean()) {
                stop.request();
                killedAt = killedAt == 0 ? System.nanoTime() : killedAt;
                interruptIfLate(System.nanoTime() - killedAt);
            }
        }
    }

    private void interruptIfLate(long nanos) {
        if (!stop.heard() || nanos > GRACE.toNanos()) {
            thread.interrupt();
        }
    }
}
