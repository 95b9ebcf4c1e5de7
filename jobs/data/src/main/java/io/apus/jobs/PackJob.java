package io.apus.jobs;

import io.apus.jobs.data.PackStage;
import io.apus.jobs.launch.JobMain;

/** The pack stage by itself, for spark-submit: {@code RUN_FILE [section.option=value ...]}. */
public final class PackJob {
    private PackJob() {}

    public static void main(String[] args) {
        JobMain.run(new PackStage(), args);
    }
}
