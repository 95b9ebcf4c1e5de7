package io.apus.jobs;

import io.apus.jobs.data.FilterStage;
import io.apus.jobs.data.IngestStage;
import io.apus.jobs.data.PackStage;
import io.apus.jobs.data.TokenizeStage;
import io.apus.jobs.eval.EvaluateStage;
import io.apus.jobs.export.ExportStage;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.train.TrainStage;
import java.util.List;

/** The stages of a run, in the order in which they run. */
final class Stages {
    private Stages() {}

    static List<Stage> inOrder() {
        return List.of(
                new IngestStage(),
                new FilterStage(),
                new TokenizeStage(),
                new PackStage(),
                new TrainStage(),
                new EvaluateStage(),
                new ExportStage());
    }
}
