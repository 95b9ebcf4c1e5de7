package io.apus.jobs;

import io.apus.jobs.export.ExportStage;
import io.apus.jobs.launch.JobMain;

/** The export stage for spark-submit: {@code --class io.apus.jobs.ExportJob apus.jar run.yaml [section.option=value ...]}. */
public final class ExportJob {
    private ExportJob() {}

    public static void main(String[] args) {
        JobMain.run(new ExportStage(), args);
    }
}
