package io.apus.spark.ui;

import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import scala.collection.immutable.List;
import scala.collection.immutable.List$;

/** Shows the tab in a history server that has Apus on its class path; named in META-INF/services. */
public final class TrainingHistory implements AppHistoryServerPlugin {
    @Override
    public List<SparkListener> createListeners(SparkConf conf, ElementTrackingStore store) {
        return List$.MODULE$.<SparkListener>empty().$colon$colon(new TrainingListener(store, false));
    }

    @Override
    public void setupUI(SparkUI ui) {
        TrainingTab.attachIfTrained(ui);
    }
}
