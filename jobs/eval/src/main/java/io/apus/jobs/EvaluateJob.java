package io.apus.jobs;

import io.apus.jobs.eval.EvaluateStage;
import io.apus.jobs.launch.JobMain;

/** Main of the evaluate stage for spark-submit: {@code RUN_FILE [section.option=value ...]}. */
public final class EvaluateJob {
    private EvaluateJob() {}

    public static void main(String[] args) {
        JobMain.run(new EvaluateStage(), args);
    }
}
