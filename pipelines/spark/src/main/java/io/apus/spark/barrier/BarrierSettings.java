package io.apus.spark.barrier;

import java.util.Map;

/** The Spark settings that a session needs for barrier stages to fail early and end cleanly. */
public final class BarrierSettings {
    /** Ranks wait for each other at the start and the end only; at the end one of them may still be writing the model. */
    public static final String SYNC_TIMEOUT = "spark.barrier.sync.timeout";

    public static final String PLUGINS = "spark.plugins";

    private static final Map<String, String> DEFAULTS = Map.of(
            SYNC_TIMEOUT,
            "1800",
            "spark.scheduler.barrier.maxConcurrentTasksCheck.interval",
            "1s",
            "spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures",
            "5",
            "spark.task.reaper.enabled",
            "true",
            "spark.task.reaper.killTimeout",
            "120s",
            "spark.dynamicAllocation.enabled",
            "false");

    private BarrierSettings() {}

    /** Adds to {@code settings} what it lacks. What is there already stays; the report plugin joins other plugins. */
    public static void addTo(Map<String, String> settings) {
        DEFAULTS.forEach(settings::putIfAbsent);
        String plugin = ReportPlugin.class.getName();
        settings.merge(PLUGINS, plugin, (given, own) -> given.contains(own) ? given : given + "," + own);
    }
}
