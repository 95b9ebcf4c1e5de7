package io.apus.jobs.launch;

/** Is told how a run goes, stage by stage. */
public interface StageLog {
    void begins(Stage stage);

    void done(StageReport report);
}
