package io.apus.train;

import io.apus.model.ModelConfig;
import io.apus.model.training.Backpropagation;
import io.apus.model.tuner.Tuners;
import io.apus.schemas.World;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.GlooCollectives;
import io.apus.train.measure.Phases;
import io.apus.train.objective.Objective;
import io.apus.train.objective.Objectives;
import io.apus.train.optimize.Optimisers;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.Holdings;
import io.apus.train.parallel.ModelShare;
import io.apus.train.parallel.OwnWeights;
import io.apus.train.parallel.Sharing;
import io.apus.train.parallel.context.SharedTokens;
import io.apus.train.parallel.device.DeviceSplit;
import io.apus.train.parallel.part.Holding;
import io.apus.train.parallel.pipeline.Passing;
import io.apus.train.storage.Storages;
import java.nio.file.Path;
import java.time.Duration;

/** Trains a model as one rank of a world. */
public final class Trainer {
    /** Executors start minutes apart when models are loaded from slow disks. */
    private static final Duration RENDEZVOUS = Duration.ofMinutes(15);

    private Trainer() {}

    /** As {@link #run(TrainTask, RankPlace)}, for a rank that nobody stops. */
    public static TrainResult run(TrainTask task, World world, TrainReports reports) {
        return run(task, RankPlace.of(world, reports));
    }

    /**
     * Runs {@code task} to its end, from its newest checkpoint if it has one, with all files on the local file system or one mounted there.
     * All ranks call it with the same task.
     *
     * @throws io.apus.schemas.UserError when the task does not fit the data, the model or the checkpoints
     */
    public static TrainResult run(TrainTask task, RankPlace place) {
        return run(task, place, Storages.local());
    }

    /**
     * As {@link #run(TrainTask, RankPlace)}, with checkpoints on other file systems too.
     *
     * @param storages finds the one that checkpoints lie on
     */
    public static TrainResult run(TrainTask task, RankPlace place, Storages storages) {
        Phases phases = new Phases("start");
        place.device().require();
        TrainingData data = TrainingData.open(task);
        ParallelPlan plan = task.train().sharing().plan(place.world().size());
        Sharing sharing = new Sharing(plan, task.train(), task.tuner(), task.quantise());
        sharing.check(ModelConfig.read(Path.of(task.modelFolder())));
        try (Scope scope = Scope.open();
                TrainedModel whole = open(task, data, place, plan)) {
            sharing.check(whole.tuner());
            sharing.check(whole.model());
            Optimisers.check(whole.trained(), task.train());
            String placement =
                    task.train().sharing().placement().given() ? DeviceSplit.apply(whole.model(), task.train()) : "";
            // Before the ranks wait for each other: disks may be slow. Where ranks divide the weights, each reads its
            // own later.
            if (!plan.divides()) {
                whole.model().read();
            }
            ModelFacts facts = ModelFacts.of(whole, data, placement);
            try (Collectives collectives = join(place, task, phases)) {
                return run(
                        task,
                        data,
                        whole,
                        facts,
                        Grid.of(plan, collectives, place.world().hosts()),
                        place,
                        storages,
                        phases);
            }
        }
    }

    private static TrainedModel open(TrainTask task, TrainingData data, RankPlace place, ParallelPlan plan) {
        return TrainedModel.open(
                task,
                data,
                DeviceSplit.first(task.train().sharing().placement(), place.device()),
                config -> OwnWeights.of(config, plan, place.world()));
    }

    private static TrainResult run(
            TrainTask task,
            TrainingData data,
            TrainedModel whole,
            ModelFacts facts,
            Grid grid,
            RankPlace place,
            Storages storages,
            Phases phases) {
        Torch.seed(task.seed());
        try (SharedTokens tokens = SharedTokens.of(grid, task.train(), task.tuner(), whole.model());
                ModelShare share = ModelShare.of(grid, whole.model())) {
            return run(task, data, whole.relisted(), facts, grid, share, tokens, place, storages, phases);
        }
    }

    private static TrainResult run(
            TrainTask task,
            TrainingData data,
            TrainedModel model,
            ModelFacts facts,
            Grid grid,
            ModelShare share,
            SharedTokens tokens,
            RankPlace place,
            Storages storages,
            Phases phases) {
        Objective objective = Objectives.of(Objectives.CAUSAL_LM);
        try (Holding holding = Holdings.of(
                grid, share, model.model(), model.trained(), task.train(), model.tuner()::learningRateRatio)) {
            model.model().read();
            TrainMethods methods = TrainMethods.of(task, model.model());
            Backpropagation backpropagation = new Backpropagation(
                    model.model(),
                    task.train().gradientCheckpointing(),
                    methods.noise(),
                    Tuners.of(task.tuner())
                            .attention(model.model().config())
                            .of(grid.plan().tp(), grid.tensor().rank()),
                    tokens.share());
            phases.end("share");
            Session session =
                    new Session(task, data, model, facts, methods, objective, grid, share, holding, storages, phases);
            return session.run(Passing.of(model.model(), backpropagation, grid.pipeline()), place);
        }
    }

    private static Collectives join(RankPlace place, TrainTask task, Phases phases) {
        phases.end("load");
        Collectives met = join(place, task);
        phases.end("meet");
        return met;
    }

    private static Collectives join(RankPlace place, TrainTask task) {
        World world = place.world();
        if (world.size() == 1) {
            return Collectives.alone();
        }
        Duration timeout = Duration.ofSeconds(task.train().ddpTimeout());
        Duration rendezvous = timeout.compareTo(RENDEZVOUS) > 0 ? timeout : RENDEZVOUS;
        return GlooCollectives.join(world, place.device(), rendezvous, timeout);
    }
}
