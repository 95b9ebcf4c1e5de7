package io.apus.train;

import io.apus.model.training.Backpropagation;
import io.apus.tensor.collective.Collectives;
import io.apus.train.log.JsonlLog;
import io.apus.train.log.ProcessMemory;
import io.apus.train.log.TensorBoardLog;
import io.apus.train.loop.Cadence;
import io.apus.train.loop.Evaluation;
import io.apus.train.loop.Evaluator;
import io.apus.train.loop.LoopState;
import io.apus.train.loop.StepRunner;
import io.apus.train.loop.TrainListener;
import io.apus.train.loop.TrainLoop;
import io.apus.train.loop.Update;
import io.apus.train.objective.Objective;
import io.apus.train.optimize.Optimiser;
import io.apus.train.order.ShardBatches;
import io.apus.train.order.StepPlan;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.Holding;
import io.apus.train.schedule.LearningRates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One rank's part in a run, from the checkpoint it begins at to the trained model. */
record Session(
        TrainTask task,
        TrainingData data,
        TrainedModel model,
        TrainMethods methods,
        Objective objective,
        Grid grid,
        Holding holding) {
    TrainResult run(Backpropagation backpropagation, TrainReports reports) {
        RunState saving = new RunState(task, data, model, holding.optimiser(), grid.world());
        LoopState start = saving.restore();
        double machineFlops = grid.world().rank() == 0 ? MatrixRate.operationsPerSecond() : 0;
        grid.world().barrier();
        ShardBatches batches = data.batches();
        StepRunner runner = new StepRunner(
                backpropagation,
                objective,
                batches,
                data.plan(),
                holding.gradients(),
                grid,
                methods.preparations(),
                task.train().routerAuxLossCoef());
        LoopState end;
        try (TensorBoardListener board = TensorBoardListener.of(task, grid.world(), start.step())) {
            List<TrainListener> listeners = listeners(reports, start, board);
            end = loop(batches, runner, saving, listeners, start).run();
        }
        Path folder = Path.of(task.output()).resolve("model");
        try (Optimiser.Swapped weights = holding.optimiser().evaluated();
                Holding.Whole whole = holding.whole()) {
            if (grid.world().rank() == 0) {
                model.write(task, folder);
            }
        }
        return result(start, end, runner, machineFlops, folder);
    }

    private TrainLoop loop(
            ShardBatches batches, StepRunner runner, RunState saving, List<TrainListener> listeners, LoopState start) {
        StepPlan plan = data.plan();
        Update update = new Update(
                holding.optimiser(),
                holding.gradients(),
                LearningRates.of(task.train(), task.train().learningRateFor(task.tuner()), plan.totalSteps()),
                task.train().maxGradNorm(),
                plan.totalSteps(),
                model.tuner(),
                model.model());
        Cadence cadence = new Cadence(
                task.train(),
                plan.stepsPerEpoch(),
                plan.totalSteps(),
                data.validation().isPresent());
        Optional<Evaluator> evaluator = data.validation()
                .map(rows -> new Evaluator(
                        model.model(), objective, rows, task.train().perDeviceEvalBatchSize(), grid));
        return new TrainLoop(plan, batches, runner, update, cadence, evaluator, saving, listeners, start);
    }

    private List<TrainListener> listeners(TrainReports reports, LoopState start, TensorBoardListener board) {
        if (grid.world().rank() != 0) {
            return List.of();
        }
        Path output = Path.of(task.output());
        List<TrainListener> listeners = new ArrayList<>();
        listeners.add(JsonlLog.resume(output.resolve("logging.jsonl"), start.step()));
        board.log().ifPresent(listeners::add);
        ReportListener told = new ReportListener(reports);
        StepPlan plan = data.plan();
        told.started(start.step(), plan.totalSteps(), plan.rows(), grid.world().size(), model.trainedCount());
        listeners.add(told);
        return listeners;
    }

    /** TensorBoard's log where one is wanted: on rank 0, when {@code report_to} says so. */
    private record TensorBoardListener(Optional<TensorBoardLog> log) implements AutoCloseable {
        static TensorBoardListener of(TrainTask task, Collectives world, int step) {
            boolean wanted = world.rank() == 0 && task.train().reportTo().contains("tensorboard");
            Path folder = Path.of(task.output()).resolve("runs");
            return new TensorBoardListener(wanted ? Optional.of(new TensorBoardLog(folder, step)) : Optional.empty());
        }

        @Override
        public void close() {
            log.ifPresent(TensorBoardLog::close);
        }
    }

    private TrainResult result(LoopState start, LoopState end, StepRunner runner, double machineFlops, Path folder) {
        List<long[]> ranks = grid.world().allGather(new long[] {
            ProcessMemory.peak(),
            Double.doubleToRawLongBits(machineFlops),
            Double.doubleToRawLongBits(end.seconds()),
            runner.earlyReductions(),
            Double.doubleToRawLongBits(start.seconds())
        });
        long[] first = ranks.get(0);
        double flops = Double.longBitsToDouble(first[1]);
        double total = Double.longBitsToDouble(first[2]);
        double seconds = total - Double.longBitsToDouble(first[4]);
        int steps = end.step() - start.step();
        double speed = steps == 0 ? 0 : (end.tokens() - start.tokens()) / seconds;
        double perToken = OperationCount.perToken(model.model(), data.rows());
        Optional<Evaluation> evaluation = Optional.ofNullable(end.evaluation());
        return new TrainResult(
                end.step(),
                start.step(),
                end.skipped(),
                end.meanLoss(),
                end.lastLoss(),
                evaluation.map(Evaluation::loss).orElse(Double.NaN),
                evaluation.map(Evaluation::tokenAccuracy).orElse(Double.NaN),
                end.tokens(),
                total,
                speed,
                flops,
                speed * perToken / (flops * grid.world().size()),
                model.trainedCount(),
                model.count(),
                grid.world().size(),
                holding.gradients().count(),
                steps == 0 || grid.world().size() == 1 ? 0 : (double) first[3] / steps,
                ranks.stream().map(rank -> rank[0]).toList(),
                folder.toString());
    }
}
