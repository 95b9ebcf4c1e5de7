package io.apus.jobs.train;

import io.apus.jobs.launch.Sessions;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.jobs.launch.StoppedRun;
import io.apus.jobs.launch.options.SpecText;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.shards.ManifestFile;
import io.apus.spark.barrier.BarrierStage;
import io.apus.spark.barrier.RankRequest;
import io.apus.spark.barrier.RanksCancelled;
import io.apus.train.TrainResult;
import io.apus.train.TrainTask;
import io.apus.train.log.RankLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.util.SerializableConfiguration;

/** Trains the model on the packed rows, with one rank for each task of a barrier stage. */
public final class TrainStage implements Stage {
    static final String NAME = "train";
    /** Executors may need this long to start, however soon ranks are to give each other up. */
    private static final Duration EXECUTORS = Duration.ofMinutes(3);

    /** The stages that made the rows. */
    private static final List<String> ROWS = List.of("ingest", "filter", "tokenize", "pack");

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
    public void checkRoom(RunSpec spec) {
        Sessions.planned(spec, 0).ifPresent(settings -> requireSlots(spec, settings));
    }

    @Override
    public void check(RunSpec spec, RunLayout layout) {
        checked(spec, layout);
    }

    private static TrainPlan checked(RunSpec spec, RunLayout layout) {
        requireConversations(spec);
        Watchers.check(spec);
        TrainPlan plan = TrainPlan.of(spec, layout);
        requireRoom(spec, plan.host());
        return plan;
    }

    @Override
    public long nativeMebibytes(RunSpec spec, RunLayout layout) {
        return MemoryEstimate.mebibytes(TrainPlan.of(spec, layout).host().total());
    }

    @Override
    public List<String> plan(RunSpec spec, RunLayout layout) {
        return checked(spec, layout).lines();
    }

    @Override
    public StageResult run(StageContext context) throws IOException, InterruptedException {
        RunSpec spec = context.spec();
        RunLayout layout = context.layout();
        requireConversations(spec);
        TrainTask task = task(spec, layout);
        int worldSize = spec.train().worldSize();
        try (RankLogs logs = RankLogs.of(layout.stage(NAME))) {
            Files.createDirectories(logs.folder());
            TrainProgress progress = new TrainProgress(context.progress(), logs);
            progress.starting(worldSize);
            SerializableConfiguration hadoop =
                    new SerializableConfiguration(context.spark().sparkContext().hadoopConfiguration());
            TrainResult result = train(context, new TrainRank(task, hadoop), progress);
            if (result.stopped()) {
                throw new StoppedRun("train stopped after step " + result.steps() + ", its checkpoint is written");
            }
            progress.finished(result);
            return result(layout, result, progress.attempts());
        } catch (RanksCancelled cancelled) {
            throw new StoppedRun("train was cancelled (" + cancelled.getMessage() + ")");
        }
    }

    private static TrainResult train(StageContext context, TrainRank rank, TrainProgress progress)
            throws InterruptedException {
        TrainSpec train = context.spec().train();
        Duration patience = longer(Duration.ofSeconds(train.ddpTimeout()), EXECUTORS);
        RankRequest request = request(train);
        requireMemory(context, BarrierStage.requireRoom(context.spark(), train.worldSize(), request, patience));
        try (Watchers watchers = Watchers.open(context.spark().sparkContext(), context.spec(), context.layout())) {
            try {
                TrainResult result = BarrierStage.run(
                                context.spark(), train.worldSize(), request, patience, rank, watchers.with(progress))
                        .get(0);
                if (!result.stopped()) {
                    watchers.ended();
                }
                return result;
            } catch (RuntimeException failure) {
                watchers.failed(failure);
                throw failure;
            }
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static void requireMemory(StageContext context, int ranksPerExecutor) {
        SparkContext spark = context.spark().sparkContext();
        MemoryEstimate each = TrainPlan.of(context.spec(), context.layout()).host();
        MemoryCheck.require(spark.master(), spark.conf(), ranksPerExecutor, each);
    }

    /** The stages before take long: what they would end at is said before them. */
    private static void requireRoom(RunSpec spec, MemoryEstimate each) {
        Sessions.planned(spec, MemoryEstimate.mebibytes(each.total())).ifPresent(settings -> {
            int ranks = requireSlots(spec, settings);
            MemoryCheck.require(settings.get("spark.master"), settings, ranks, each);
        });
    }

    /** Returns how many ranks the fullest executor will hold. */
    private static int requireSlots(RunSpec spec, SparkConf settings) {
        return BarrierStage.requirePlanned(settings, spec.train().worldSize(), request(spec.train()));
    }

    private static RankRequest request(TrainSpec train) {
        return new RankRequest(train.launch().rankCpus(), train.launch().rankGpus());
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
                        spec.seed(),
                        new TreeMap<>(SpecText.of(spec, ROWS)))
                .withTorchDtype(spec.model().torchDtype());
    }

    private static StageResult result(RunLayout layout, TrainResult result, int attempts) throws IOException {
        ShardManifest rows = ManifestFile.readShards(layout.shards("train").resolve(RunLayout.MANIFEST));
        Accounting accounting = new Accounting(rows.rows(), rows.rows(), Map.of());
        return new StageResult(TrainOutputs.of(layout), accounting, TrainFacts.of(result, attempts));
    }
}
