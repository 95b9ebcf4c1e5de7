package io.apus.spark.barrier;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries lines from the executors to the driver while their tasks run, on Spark's own connection; named in {@code spark.plugins}.
 * A session that was started without it works all the same, without live progress.
 */
public final class ReportPlugin implements SparkPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(ReportPlugin.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static volatile PluginContext executor;
    private static volatile boolean signals;
    private static volatile boolean ending;
    private static volatile SparkContext driver;

    @Override
    public DriverPlugin driverPlugin() {
        return new DriverSide();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorSide();
    }

    /** True if reports can reach the driver of {@code context}. */
    static boolean loadedIn(SparkContext context) {
        return driver == context;
    }

    /** What sends lines of one rank from this executor; sends nothing where the plugin is not loaded. */
    static Consumer<String> sender(String run, int attempt, int rank, Report.Kind kind) {
        PluginContext context = executor;
        if (context == null) {
            return line -> {};
        }
        return line -> {
            try {
                context.send(new Report(run, attempt, rank, kind, line));
            } catch (IOException lost) {
                throw new IllegalStateException("the driver can no longer be reached", lost);
            }
        };
    }

    /**
     * Returns once the driver has taken everything that this executor sent: results take another way and would overtake it. A driver
     * that cannot be reached ends the executor anyway.
     */
    static void flush() {
        PluginContext context = executor;
        if (context == null) {
            return;
        }
        try {
            context.ask(Flush.LINES);
        } catch (Exception lost) {
            LOG.warn("the driver did not answer, the last lines of this rank may be missing there", lost);
        }
    }

    /** True once {@link ReportDesk#stopAll} was called on the driver while {@code run} was open. */
    static boolean stopWanted(String run) {
        PluginContext context = executor;
        if (context == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(context.ask(new StopQuestion(run)));
        } catch (Exception lost) {
            LOG.debug("the driver did not answer", lost);
            return false;
        }
    }

    private enum Flush {
        LINES
    }

    private record StopQuestion(String run) implements Serializable {}

    private static final class ExecutorSide implements ExecutorPlugin {
        @Override
        public void init(PluginContext context, Map<String, String> settings) {
            executor = context;
            if (!signals) {
                // Who stops the session may also tell its executors to end: they do so once their ranks have.
                StopSignal.handle(() -> ending || RankStop.requestAll());
                signals = true;
            }
        }

        /** The session is being stopped: ranks that are at work end first, as far as the cluster lets them. */
        @Override
        public void shutdown() {
            ending = true;
            RankStop.requestAll();
            try {
                RankStop.awaitAll(STOP_PATIENCE);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
            ending = false;
            executor = null;
        }
    }

    private static final class DriverSide implements DriverPlugin {
        @Override
        public Map<String, String> init(SparkContext context, PluginContext plugin) {
            driver = context;
            return Map.of();
        }

        @Override
        public Object receive(Object message) {
            if (message instanceof Report report) {
                ReportDesk.accept(report);
            } else if (message instanceof StopQuestion question) {
                return ReportDesk.stopWanted(question.run());
            }
            return true;
        }

        @Override
        public void shutdown() {
            driver = null;
        }
    }
}
