package io.apus.jobs;

import io.apus.jobs.launch.JobMain;

/** All stages for spark-submit: {@code --class io.apus.jobs.PipelineJob apus.jar run.yaml [section.option=value ...]}. */
public final class PipelineJob {
    private PipelineJob() {}

    public static void main(String[] args) {
        JobMain.run(Stages.inOrder(), args);
    }
}
