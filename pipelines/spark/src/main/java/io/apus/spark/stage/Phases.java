package io.apus.spark.stage;

import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/** Says what a stage is doing: to the caller, and as the description of the Spark jobs that follow. */
public final class Phases {
    private final SparkSession spark;
    private final String stage;
    private final Consumer<String> listener;

    /** @param listener hears of each phase as it begins, e.g. "reading" */
    public Phases(SparkSession spark, String stage, Consumer<String> listener) {
        this.spark = spark;
        this.stage = stage;
        this.listener = listener;
    }

    SparkSession spark() {
        return spark;
    }

    void begin(String phase) {
        spark.sparkContext().setJobDescription("apus " + stage + ": " + phase);
        listener.accept(phase);
    }
}
