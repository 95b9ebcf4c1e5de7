package io.apus.jobs;

import io.apus.jobs.data.FilterStage;
import io.apus.jobs.launch.JobMain;

/** The filter stage by itself, for spark-submit: {@code RUN_FILE [section.option=value ...]}. */
public final class FilterJob {
    private FilterJob() {}

    public static void main(String[] args) {
        JobMain.run(new FilterStage(), args);
    }
}
