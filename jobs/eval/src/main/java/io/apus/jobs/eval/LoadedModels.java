package io.apus.jobs.eval;

import io.apus.model.DecoderModel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The models that this JVM holds: the tasks of an executor share one, and tasks that follow each other find it loaded. A model that nobody
 * has used for a while is freed, since no task knows that it is an executor's last.
 */
final class LoadedModels {
    private static final int IDLE_SECONDS = 20;
    static final LoadedModels SHARED = new LoadedModels(ModelLoader::load, IDLE_SECONDS);

    private final Function<ModelSource, DecoderModel> loader;
    private final int idleSeconds;
    private final Map<ModelSource, Entry> entries = new HashMap<>();
    private ScheduledExecutorService timer;

    private static final class Entry {
        private final DecoderModel model;
        private int users;
        private ScheduledFuture<?> freeing;

        Entry(DecoderModel model) {
            this.model = model;
        }
    }

    /** The right to use a model until closed. */
    final class Lease implements AutoCloseable {
        private final ModelSource source;
        private final DecoderModel model;

        private Lease(ModelSource source, DecoderModel model) {
            this.source = source;
            this.model = model;
        }

        DecoderModel model() {
            return model;
        }

        @Override
        public void close() {
            release(source);
        }
    }

    LoadedModels(Function<ModelSource, DecoderModel> loader, int idleSeconds) {
        this.loader = loader;
        this.idleSeconds = idleSeconds;
    }

    synchronized Lease acquire(ModelSource source) {
        Entry entry = entries.computeIfAbsent(source, key -> new Entry(loader.apply(key)));
        entry.users++;
        if (entry.freeing != null) {
            entry.freeing.cancel(false);
        }
        return new Lease(source, entry.model);
    }

    private synchronized void release(ModelSource source) {
        Entry entry = entries.get(source);
        entry.users--;
        if (entry.users == 0) {
            entry.freeing = timer().schedule(() -> freeIfIdle(source), idleSeconds, TimeUnit.SECONDS);
        }
    }

    private synchronized void freeIfIdle(ModelSource source) {
        Entry entry = entries.get(source);
        if (entry != null && entry.users == 0) {
            entries.remove(source);
            entry.model.close();
        }
    }

    /** Frees at once what nobody uses: for the driver, which knows that the stage is over. */
    synchronized void freeIdle() {
        entries.values().removeIf(entry -> {
            if (entry.users == 0) {
                entry.model.close();
            }
            return entry.users == 0;
        });
    }

    synchronized int size() {
        return entries.size();
    }

    private ScheduledExecutorService timer() {
        if (timer == null) {
            timer = Executors.newSingleThreadScheduledExecutor(work -> {
                Thread thread = new Thread(work, "apus-idle-models");
                thread.setDaemon(true);
                return thread;
            });
        }
        return timer;
    }
}
