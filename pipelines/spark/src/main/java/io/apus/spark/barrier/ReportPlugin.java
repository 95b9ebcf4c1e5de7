package io.apus.spark.barrier;

import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Carries lines from the executors to the driver while their tasks run, on Spark's own connection; named in {@code spark.plugins}.
 * A session that was started without it works all the same, without live progress.
 */
public final class ReportPlugin implements SparkPlugin {
    private static volatile PluginContext executor;
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

    /** What sends the lines of one rank from this executor; sends nothing where the plugin is not loaded. */
    static Consumer<String> sender(String run, int attempt, int rank) {
        PluginContext context = executor;
        if (context == null) {
            return line -> {};
        }
        return line -> {
            try {
                context.send(new Report(run, attempt, rank, line));
            } catch (IOException lost) {
                throw new IllegalStateException("the driver can no longer be reached", lost);
            }
        };
    }

    private static final class ExecutorSide implements ExecutorPlugin {
        @Override
        public void init(PluginContext context, Map<String, String> settings) {
            executor = context;
        }

        @Override
        public void shutdown() {
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
            }
            return null;
        }

        @Override
        public void shutdown() {
            driver = null;
        }
    }
}
