package io.apus.spark.ui;

import org.apache.spark.SparkContext;
import org.apache.spark.status.ElementTrackingStore;

/** What a driver needs to show its runs: a listener, the tab and the metrics, each once in an application. */
final class LiveTraining {
    private LiveTraining() {}

    static synchronized void in(SparkContext context) {
        boolean there = context.listenerBus().listeners().stream().anyMatch(TrainingListener.class::isInstance);
        if (there) {
            return;
        }
        TrainingMetrics metrics = new TrainingMetrics();
        context.addSparkListener(new TrainingListener(
                (ElementTrackingStore) context.statusStore().store(), true));
        context.addSparkListener(metrics);
        context.env().metricsSystem().registerSource(metrics);
        if (context.ui().isDefined()) {
            TrainingTab.attach(context.ui().get());
        }
    }
}
