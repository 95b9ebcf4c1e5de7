package io.apus.train;

import io.apus.model.training.Backpropagation;
import io.apus.model.tuner.Tuners;
import io.apus.schemas.World;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.GlooCollectives;
import io.apus.train.objective.Objective;
import io.apus.train.objective.Objectives;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.Holding;
import io.apus.train.parallel.Holdings;
import io.apus.train.parallel.Sharing;
import java.time.Duration;

/** Trains a model as one rank of a world. */
public final class Trainer {
    /** Executors start minutes apart when models are loaded from slow disks. */
    private static final Duration RENDEZVOUS = Duration.ofMinutes(15);

    private Trainer() {}

    /**
     * Runs {@code task} to its end, from its newest checkpoint if it has one. All ranks call it with the same task.
     *
     * @param reports told what happens, on rank 0 alone; an exception of it ends the run
     * @throws io.apus.schemas.UserError when the task does not fit the data, the model or the checkpoints
     */
    public static TrainResult run(TrainTask task, World world, TrainReports reports) {
        TrainingData data = TrainingData.open(task);
        Objective objective = Objectives.of(Objectives.CAUSAL_LM);
        try (Scope scope = Scope.open();
                TrainedModel model = TrainedModel.load(task, data);
                Collectives collectives = join(world, task)) {
            Grid grid = Grid.of(task.train().parallelPlan(), collectives);
            Sharing.requireKnown(grid.plan());
            Torch.seed(task.seed());
            Sharing.requireSavable(grid.plan(), task.train().saveStrategy());
            Sharing.requireFits(grid.plan(), model.tuner());
            try (Holding holding =
                    Holdings.of(grid, model.model(), model.trained(), task.train(), model.tuner()::learningRateRatio)) {
                TrainMethods methods = TrainMethods.of(task, model.model());
                Backpropagation backpropagation = new Backpropagation(
                        model.model(),
                        task.train().gradientCheckpointing(),
                        methods.noise(),
                        Tuners.of(task.tuner()).attention(model.model().config()));
                Session session = new Session(task, data, model, methods, objective, grid, holding);
                return session.run(backpropagation, reports);
            }
        }
    }

    private static Collectives join(World world, TrainTask task) {
        if (world.size() == 1) {
            return Collectives.alone();
        }
        Duration timeout = Duration.ofSeconds(task.train().ddpTimeout());
        Duration rendezvous = timeout.compareTo(RENDEZVOUS) > 0 ? timeout : RENDEZVOUS;
        return GlooCollectives.join(world, rendezvous, timeout);
    }
}
