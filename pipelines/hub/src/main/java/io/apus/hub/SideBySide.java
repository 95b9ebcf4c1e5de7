package io.apus.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs one task an item, a few at a time; the first failure stops the others and is thrown. */
final class SideBySide {
    private SideBySide() {}

    /** A task for one item. */
    @FunctionalInterface
    interface Task<T> {
        void run(T item) throws IOException;
    }

    static <T> void run(int width, List<T> items, Task<T> task) throws IOException {
        if (items.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(width, items.size()), work -> {
            Thread thread = new Thread(work, "apus-hub");
            thread.setDaemon(true);
            return thread;
        });
        try {
            ExecutorCompletionService<Void> done = new ExecutorCompletionService<>(threads);
            List<Future<Void>> started = new ArrayList<>();
            for (T item : items) {
                started.add(done.submit(() -> {
                    task.run(item);
                    return null;
                }));
            }
            for (int i = 0; i < started.size(); i++) {
                await(done);
            }
        } finally {
            stop(threads);
        }
    }

    /** Nothing of a failed download writes on behind the caller's back. */
    private static void stop(ExecutorService threads) {
        threads.shutdownNow();
        try {
            threads.awaitTermination(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(ExecutorCompletionService<Void> done) throws IOException {
        try {
            done.take().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private static IOException rethrown(Throwable cause) {
        if (cause instanceof IOException io) {
            return io;
        }
        if (cause instanceof RuntimeException bug) {
            throw bug;
        }
        throw (Error) cause;
    }
}
