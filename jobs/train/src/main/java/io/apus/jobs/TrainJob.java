package io.apus.jobs;

import io.apus.jobs.launch.JobMain;
import io.apus.jobs.train.TrainStage;

/** Trains, for spark-submit: {@code RUN_FILE [section.option=value ...]}. */
public final class TrainJob {
    private TrainJob() {}

    public static void main(String[] args) {
        JobMain.run(new TrainStage(), args);
    }
}
