package io.apus.jobs.train;

import io.apus.jobs.launch.options.SpecText;
import io.apus.jobs.train.mlflow.MlflowLog;
import io.apus.jobs.train.mlflow.MlflowSettings;
import io.apus.jobs.train.mlflow.RunIdFile;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.spark.barrier.RankListener;
import io.apus.spark.ui.TrainingFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;

/** Those who show a run to people that are not at its terminal. */
record Watchers(TrainingFeed feed, Optional<MlflowLog> mlflow) implements AutoCloseable {
    static Watchers open(SparkContext context, RunSpec spec, RunLayout layout) {
        Map<String, String> facts = TrainPlan.of(spec, layout).facts();
        RunIdFile file = new RunIdFile(layout.stage(TrainStage.NAME).resolve("mlflow.json"));
        Optional<MlflowLog> mlflow =
                mlflowSettings(spec).map(settings -> MlflowLog.open(settings, file, facts.get("name"), options(spec)));
        return new Watchers(TrainingFeed.open(context, facts), mlflow);
    }

    /** Throws where {@code report_to} asks for something that the environment does not describe. */
    static void check(RunSpec spec) {
        mlflowSettings(spec);
    }

    /** Empty unless it is asked for: else nothing leaves the cluster. */
    private static Optional<MlflowSettings> mlflowSettings(RunSpec spec) {
        return spec.train().reportTo().contains("mlflow")
                ? Optional.of(MlflowSettings.of(System.getenv()))
                : Optional.empty();
    }

    /** What decides what is trained and how, as far as it is given. */
    private static Map<String, String> options(RunSpec spec) {
        Map<String, String> options = SpecText.of(spec, List.of("model", "tuner", TrainStage.NAME));
        options.values().removeIf(SpecText.NOT_GIVEN::equals);
        return options;
    }

    /** One who tells {@code first} and all of these what the ranks say. */
    RankListener with(RankListener first) {
        List<RankListener> all = new ArrayList<>(List.of(first, feed));
        mlflow.ifPresent(all::add);
        return new RankListeners(all);
    }

    void ended() {
        feed.ended();
        mlflow.ifPresent(MlflowLog::ended);
    }

    void failed(RuntimeException failure) {
        feed.failed(String.valueOf(failure.getMessage()));
        mlflow.ifPresent(MlflowLog::failed);
    }

    @Override
    public void close() {
        feed.close();
        mlflow.ifPresent(MlflowLog::close);
    }
}
