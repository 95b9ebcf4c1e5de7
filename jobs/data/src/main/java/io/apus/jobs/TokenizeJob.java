package io.apus.jobs;

import io.apus.jobs.data.TokenizeStage;
import io.apus.jobs.launch.JobMain;

/** The tokenize stage by itself, for spark-submit: {@code RUN_FILE [section.option=value ...]}. */
public final class TokenizeJob {
    private TokenizeJob() {}

    public static void main(String[] args) {
        JobMain.run(new TokenizeStage(), args);
    }
}
