package io.apus.train.checkpoint;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One piece of work at a time, on a thread of its own. */
final class BackgroundWork {
    private static final long PATIENCE = TimeUnit.SECONDS.toMillis(30);

    private final String name;
    private FutureTask<byte[]> task;
    private Thread thread;

    BackgroundWork(String name) {
        this.name = name;
    }

    void start(Callable<byte[]> work) {
        task = new FutureTask<>(work);
        thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    boolean done() {
        return task.isDone();
    }

    /** Returns when it has ended, well or not, or after {@code millis}. */
    void await(long millis) {
        try {
            task.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Whoever asks next is told.
            return;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** How it failed, if it did; waits for its end. */
    Optional<Throwable> failure() {
        try {
            task.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while a checkpoint was written", e);
    }

    byte[] result() {
        try {
            return task.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("asked for the result of work that failed", e);
        }
    }

    /** Interrupts what is under way; says whether its thread has ended, within half a minute. */
    boolean close() {
        if (thread == null) {
            return true;
        }
        thread.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
