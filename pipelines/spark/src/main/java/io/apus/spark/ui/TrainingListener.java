package io.apus.spark.ui;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.status.ElementTrackingStore;
import scala.runtime.BoxedUnit;

/** Keeps what the runs of an application report in Spark's store, in the driver while they happen and in the history server afterwards. */
final class TrainingListener extends SparkListener {
    private final ElementTrackingStore store;
    private final boolean live;
    private final Map<String, TrainingRun> runs = new LinkedHashMap<>();

    /** @param live whether somebody may look before the last event; else the runs are written once, when the log has been read */
    TrainingListener(ElementTrackingStore store, boolean live) {
        this.store = store;
        this.live = live;
        if (!live) {
            store.onFlush(() -> {
                runs.values().forEach(store::write);
                return BoxedUnit.UNIT;
            });
        }
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof TrainingEvent training && training.run() != null && training.report() != null) {
            TrainingRun before = runs.getOrDefault(training.run(), TrainingRun.begin(training.run(), training.time()));
            keep(before.after(training.time(), training.report()));
        }
    }

    /** A run that has not ended by now never will. */
    @Override
    public void onApplicationEnd(SparkListenerApplicationEnd end) {
        runs.values().stream().filter(run -> !run.over()).toList().forEach(run -> keep(run.stopped()));
    }

    private void keep(TrainingRun run) {
        runs.put(run.run(), run);
        if (live) {
            store.write(run);
        }
    }
}
