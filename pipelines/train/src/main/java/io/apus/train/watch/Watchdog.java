package io.apus.train.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.train.loop.Evaluation;
import io.apus.train.loop.Progress;
import io.apus.train.loop.Saving;
import io.apus.train.loop.StepReport;
import io.apus.train.loop.TrainListener;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Reports the stack traces of this rank's process when no step has ended for too long. Every rank has one: when one hangs, the others
 * wait for it, and all of them tell where they stand. It ends nothing; that is left to the timeouts of the collectives.
 */
public final class Watchdog implements TrainListener, AutoCloseable {
    /** Type of the message that it reports; {@link StallFiles} takes it. */
    public static final String TYPE = "stall";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final int rank;
    private final Consumer<String> reports;
    private final Thread watched = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Patience patience;
    private int step;
    private boolean closed;

    private Watchdog(Duration limit, int rank, int step, Consumer<String> reports) {
        this.rank = rank;
        this.step = step;
        this.reports = reports;
        this.patience = new Patience(limit.toNanos(), System.nanoTime());
    }

    /**
     * Watches the calling thread from now on.
     *
     * @param limit longest time for a step; zero watches nothing
     * @param step steps done so far
     * @param reports takes a JSON line
     */
    public static Watchdog start(Duration limit, int rank, int step, Consumer<String> reports) {
        Watchdog dog = new Watchdog(limit, rank, step, reports);
        if (!limit.isZero()) {
            Thread thread = new Thread(dog::watch, "rank-" + rank + "-watchdog");
            thread.setDaemon(true);
            thread.start();
        }
        return dog;
    }

    private void watch() {
        lock.lock();
        try {
            while (!closed) {
                OptionalLong lost = patience.lost(System.nanoTime());
                if (lost.isPresent()) {
                    tell(lost.getAsLong());
                } else {
                    changed.awaitNanos(patience.untilLost(System.nanoTime()));
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void tell(long nanos) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("type", TYPE);
        message.put("rank", rank);
        message.put("step", step);
        message.put("seconds", TimeUnit.NANOSECONDS.toSeconds(nanos));
        message.put("stacks", StackTraces.all(watched));
        try {
            reports.accept(JSON.writeValueAsString(message));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message is plain data", e);
        } catch (RuntimeException unheard) {
            // The watchdog must not be what ends a run.
            System.err.println("nobody hears that rank " + rank + " stalls: " + unheard);
        }
    }

    private void happened(int steps) {
        lock.lock();
        try {
            step = steps;
            patience.happened(System.nanoTime());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stepped(StepReport report) {
        happened(report.step());
    }

    @Override
    public void evaluated(Progress progress, Evaluation evaluation) {
        happened(progress.step());
    }

    @Override
    public void saved(Saving.Saved checkpoint) {
        happened(checkpoint.step());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
