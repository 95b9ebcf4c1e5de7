package io.apus.hub.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A response's body that gives up when nothing arrives for too long; {@link java.net.http} itself would wait for ever. */
final class WatchedStream extends FilterInputStream {
    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "apus-hub-watch");
        thread.setDaemon(true);
        return thread;
    });

    private final Duration longest;
    private final Future<?> watch;
    private volatile long waitingSince;
    private volatile boolean waiting;
    private volatile boolean stalled;

    WatchedStream(InputStream body, Duration longest) {
        super(body);
        this.longest = longest;
        long every = Math.max(1, longest.toMillis() / 4);
        this.watch = WATCH.scheduleAtFixedRate(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (waiting && System.nanoTime() - waitingSince > longest.toNanos()) {
            stalled = true;
            try {
                in.close();
            } catch (IOException e) {
                watch.cancel(false);
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        waitingSince = System.nanoTime();
        waiting = true;
        try {
            int read = in.read(buffer, from, length);
            if (stalled) {
                throw silent();
            }
            return read;
        } catch (IOException e) {
            throw stalled ? silent() : e;
        } finally {
            waiting = false;
        }
    }

    private HttpTimeoutException silent() {
        return new HttpTimeoutException("nothing was received for " + longest.toSeconds() + " s");
    }

    @Override
    public void close() throws IOException {
        watch.cancel(false);
        in.close();
    }
}
