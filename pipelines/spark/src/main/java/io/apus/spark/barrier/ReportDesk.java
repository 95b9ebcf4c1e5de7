package io.apus.spark.barrier;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private int attempt;
    private volatile boolean stopWanted;

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

    /** Asks the ranks of all open runs to end early and well; true if that is news to one of them. */
    static boolean stopAll() {
        boolean news = false;
        for (ReportDesk desk : OPEN.values()) {
            news |= !desk.stopWanted;
            desk.stopWanted = true;
        }
        return news;
    }

    static boolean stopWanted(String run) {
        ReportDesk desk = OPEN.get(run);
        return desk != null && desk.stopWanted;
    }

    private void deliver(Report report) {
        lock.lock();
        try {
            if (report.kind() == Report.Kind.LOG) {
                listener.log(report.rank(), report.line());
                return;
            }
            if (report.attempt() > attempt) {
                attempt = report.attempt();
            }
            if (report.attempt() == attempt) {
                listener.report(report.rank(), report.line());
            }
        } catch (RuntimeException fault) {
            LOG.warn("the listener of {} failed on a report of rank {}", run, report.rank(), fault);
        } finally {
            lock.unlock();
        }
    }

    /** Adds what the driver knows of {@code rank} to its log. */
    void log(int rank, String line) {
        deliver(new Report(run, attempt, rank, Report.Kind.LOG, line));
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

    @Override
    public void close() {
        OPEN.remove(run);
    }
}
