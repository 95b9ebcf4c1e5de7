package io.apus.jobs;

import io.apus.jobs.data.IngestStage;
import io.apus.jobs.launch.JobMain;

/** The ingest stage by itself, for spark-submit: {@code RUN_FILE [section.option=value ...]}. */
public final class IngestJob {
    private IngestJob() {}

    public static void main(String[] args) {
        JobMain.run(new IngestStage(), args);
    }
}
