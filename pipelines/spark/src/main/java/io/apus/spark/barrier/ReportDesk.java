package io.apus.spark.barrier;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the reports that reach the driver to the listener of the run that they belong to. */
final class ReportDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportDesk.class);
    private static final Map<String, ReportDesk> OPEN = new ConcurrentHashMap<>();

    private final String run;
    private final RankListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Map<Integer, Long> received = new HashMap<>();
    private int attempt;

    private ReportDesk(String run, RankListener listener) {
        this.run = run;
        this.listener = listener;
    }

    /** Opens the desk of {@code run}; reports of a run without a desk are dropped. */
    static ReportDesk open(String run, RankListener listener) {
        ReportDesk desk = new ReportDesk(run, listener);
        OPEN.put(run, desk);
        return desk;
    }

    /** Takes a report that came in on Spark's connection. */
    static void accept(Report report) {
        ReportDesk desk = OPEN.get(report.run());
        if (desk != null) {
            desk.deliver(report);
        }
    }

    private void deliver(Report report) {
        lock.lock();
        try {
            if (report.attempt() > attempt) {
                attempt = report.attempt();
                received.clear();
            }
            if (report.attempt() == attempt) {
                received.merge(report.rank(), 1L, Long::sum);
                listener.report(report.rank(), report.line());
                arrived.signalAll();
            }
        } catch (RuntimeException fault) {
            LOG.warn("the listener of {} failed on a report of rank {}", run, report.rank(), fault);
        } finally {
            lock.unlock();
        }
    }

    /** Tells the listener that the stage is started again, as attempt {@code next}. */
    void retried(int next, String reason) {
        lock.lock();
        try {
            listener.retried(next, reason);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@code count} lines of {@code rank} have been delivered: results and reports take different ways to the driver. */
    void await(int rank, long count, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (received.getOrDefault(rank, 0L) < count && left > 0) {
                left = arrived.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        if (left <= 0) {
            LOG.warn(
                    "some reports of rank {} did not arrive within {} s",
                    rank,
                    TimeUnit.NANOSECONDS.toSeconds(patience.toNanos()));
        }
    }

    @Override
    public void close() {
        OPEN.remove(run);
    }
}
