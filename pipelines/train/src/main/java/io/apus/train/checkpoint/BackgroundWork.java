package io.apus.train.checkpoint;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** One piece of work at a time, on a thread of its own or at once. */
final class BackgroundWork {
    private static final long PATIENCE = TimeUnit.SECONDS.toMillis(30);

    private final String name;
    private final boolean background;
    private FutureTask<byte[]> task;
    private Thread thread;

    BackgroundWork(String name, boolean background) {
        this.name = name;
        this.background = background;
    }

    void start(Callable<byte[]> work) {
        task = new FutureTask<>(work);
        if (!background) {
            task.run();
            return;
        }
        thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    boolean done() {
        return task.isDone();
    }

    void await() {
        failure();
    }

    /** How it failed, if it did; waits for its end. */
    Optional<Throwable> failure() {
        try {
            task.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a checkpoint was written", e);
        }
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
