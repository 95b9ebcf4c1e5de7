package io.apus.jobs.train;

import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.shards.ManifestFile;
import io.apus.spark.barrier.BarrierStage;
import io.apus.spark.ui.TrainingFeed;
import io.apus.train.TrainResult;
import io.apus.train.TrainTask;
import io.apus.train.log.RankLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Trains the model on the packed rows, with one rank for each task of a barrier stage. */
public final class TrainStage implements Stage {
    static final String NAME = "train";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> inputs() {
        return List.of("tokenize", "pack");
    }

    @Override
    public List<String> sections() {
        return List.of("model", "tuner", NAME);
    }

    @Override
    public boolean resumes() {
        return true;
    }

    @Override
    public void check(RunSpec spec, RunLayout layout) {
        requireConversations(spec);
        TrainPlan.check(spec, PlannedModel.of(spec, layout));
    }

    @Override
    public List<String> plan(RunSpec spec, RunLayout layout) {
        requireConversations(spec);
        return TrainPlan.of(spec, layout).lines();
    }

    @Override
    public StageResult run(StageContext context) throws IOException, InterruptedException {
        RunSpec spec = context.spec();
        RunLayout layout = context.layout();
        requireConversations(spec);
        TrainTask task = task(spec, layout);
        int worldSize = spec.train().worldSize();
        Map<String, String> facts = TrainPlan.of(spec, layout).facts();
        try (RankLogs logs = RankLogs.of(layout.stage(NAME));
                TrainingFeed feed = TrainingFeed.open(context.spark().sparkContext(), facts)) {
            Files.createDirectories(logs.folder());
            TrainProgress progress = new TrainProgress(context.progress(), logs);
            progress.starting(worldSize);
            RankListeners listeners = new RankListeners(List.of(progress, feed));
            TrainResult result = train(context, new TrainRank(task), feed, listeners);
            progress.finished(result);
            return result(layout, result, progress.attempts());
        }
    }

    private static TrainResult train(StageContext context, TrainRank rank, TrainingFeed feed, RankListeners listeners)
            throws InterruptedException {
        TrainSpec train = context.spec().train();
        Duration patience = Duration.ofSeconds(train.ddpTimeout());
        try {
            return BarrierStage.run(context.spark(), train.worldSize(), patience, rank, listeners)
                    .get(0);
        } catch (RuntimeException failure) {
            feed.failed(String.valueOf(failure.getMessage()));
            throw failure;
        }
    }

    /** Cross-entropy over the rejected half of a pair would teach it. */
    private static void requireConversations(RunSpec spec) {
        String mode = spec.tokenize().templateMode();
        if (!mode.equals("train")) {
            throw new UserError(
                    "Cannot train",
                    "tokenize.template_mode is " + mode + ", and there is no objective for such samples yet",
                    "Run the stages up to pack (apus stage pack), or leave template_mode at train.");
        }
    }

    private static TrainTask task(RunSpec spec, RunLayout layout) {
        boolean created = spec.model().create() != null;
        Path model = layout.startModel(spec.model());
        return TrainTask.of(
                        layout,
                        model,
                        layout.tokenizer(spec.model()),
                        created,
                        spec.model().adapters(),
                        spec.train(),
                        spec.tuner(),
                        spec.model().quantise(),
                        spec.seed())
                .withTorchDtype(spec.model().torchDtype());
    }

    private static StageResult result(RunLayout layout, TrainResult result, int attempts) throws IOException {
        ShardManifest rows = ManifestFile.readShards(layout.shards("train").resolve(RunLayout.MANIFEST));
        Accounting accounting = new Accounting(rows.rows(), rows.rows(), Map.of());
        return new StageResult(TrainOutputs.of(layout), accounting, TrainFacts.of(result, attempts));
    }
}
