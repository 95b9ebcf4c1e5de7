package io.apus.train.order;

import io.apus.schemas.spec.LoaderSpec;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/**
 * The rows of one rank's passes, read before they are needed by threads of their own. The thread that takes them asks for the next ones,
 * so that never more than a bounded number waits.
 */
public final class ReadAhead implements AutoCloseable {
    private final BatchSource source;
    private final Iterator<MicroBatch> upcoming;
    private final Deque<Reading> readings = new ArrayDeque<>();
    private final ExecutorService threads;
    private final int bound;
    private double waited;

    private record Reading(MicroBatch pass, FutureTask<RowTokens> rows) {}

    /**
     * A reader of the passes of {@code replica} of {@code replicas} from {@code firstStep} on.
     *
     * @param source asked for batches by the thread that takes their rows, for rows by all threads; nobody else asks it for batches
     */
    public ReadAhead(BatchSource source, StepPlan plan, int firstStep, int replica, int replicas, LoaderSpec options) {
        this.source = source;
        this.upcoming = IntStream.range(firstStep, plan.totalSteps())
                .boxed()
                .flatMap(step -> source.batch(step).of(replica, replicas).stream())
                .iterator();
        int workers = options.dataloaderNumWorkers();
        this.bound = Math.max(1, workers * options.dataloaderPrefetchFactor());
        this.threads = workers == 0 ? null : Executors.newFixedThreadPool(workers, ReadAhead::thread);
        if (workers > 0) {
            ask();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "rows-ahead");
        thread.setDaemon(true);
        return thread;
    }

    private void ask() {
        while (readings.size() < bound && upcoming.hasNext()) {
            MicroBatch pass = upcoming.next();
            FutureTask<RowTokens> rows = new FutureTask<>(() -> source.load(pass.rows()));
            readings.add(new Reading(pass, rows));
            if (threads != null) {
                threads.execute(rows);
            }
        }
    }

    /** Some rows, whoever's turn they are. */
    public RowTokens load(int[] rows) {
        return source.load(rows);
    }

    /**
     * The rows of {@code pass}, which is the next of this rank's passes. An error of reading them is thrown here.
     */
    public RowTokens take(MicroBatch pass) {
        long start = System.nanoTime();
        ask();
        Reading reading = readings.remove();
        if (!Arrays.equals(reading.pass().rows(), pass.rows())) {
            throw new IllegalStateException("the rows of pass " + pass.index() + " are not the next ones");
        }
        if (threads == null) {
            reading.rows().run();
        }
        RowTokens rows = result(reading.rows());
        waited += (System.nanoTime() - start) / 1e9;
        if (threads != null) {
            ask();
        }
        return rows;
    }

    private static RowTokens result(FutureTask<RowTokens> rows) {
        try {
            return rows.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("cannot read rows", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for rows", e);
        }
    }

    /** Seconds that {@link #take} has waited for rows so far. */
    public double waitedSeconds() {
        return waited;
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
