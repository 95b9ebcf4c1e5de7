package io.apus.spark.barrier;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether one rank is asked to end. All ranks of a process are known here, so that the process can be told as a whole. */
final class RankStop implements AutoCloseable {
    private static final Set<RankStop> RUNNING = ConcurrentHashMap.newKeySet();

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile boolean heard;

    private RankStop() {}

    static RankStop open() {
        RankStop stop = new RankStop();
        RUNNING.add(stop);
        return stop;
    }

    /** Asks all ranks of this process; true if that is news to one of them. */
    static boolean requestAll() {
        boolean news = false;
        for (RankStop stop : RUNNING) {
            news |= !stop.requested;
            stop.request();
        }
        return news;
    }

    /** Waits for the ranks of this process to end, but no longer than {@code patience}. */
    static void awaitAll(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (RankStop stop : RUNNING) {
            if (!stop.ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }

    void request() {
        requested = true;
    }

    /** The rank's question; one who asks is taken to act on the answer. */
    boolean requested() {
        heard = true;
        return requested;
    }

    /** Whether the rank has ever asked. */
    boolean heard() {
        return heard;
    }

    @Override
    public void close() {
        RUNNING.remove(this);
        ended.countDown();
    }
}
