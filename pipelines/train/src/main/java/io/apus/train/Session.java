package io.apus.train;

import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.Agreement;
import io.apus.train.checkpoint.HeldPiece;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.log.JsonlLog;
import io.apus.train.log.TensorBoardLog;
import io.apus.train.loop.Cadence;
import io.apus.train.loop.Evaluation;
import io.apus.train.loop.Evaluator;
import io.apus.train.loop.LoopState;
import io.apus.train.loop.StepReport;
import io.apus.train.loop.StepRunner;
import io.apus.train.loop.StopRequest;
import io.apus.train.loop.TrainListener;
import io.apus.train.loop.TrainLoop;
import io.apus.train.loop.Update;
import io.apus.train.measure.Phases;
import io.apus.train.measure.ProcessMemory;
import io.apus.train.measure.RankMeter;
import io.apus.train.objective.Objective;
import io.apus.train.optimize.Optimiser;
import io.apus.train.order.ReadAhead;
import io.apus.train.order.ShardBatches;
import io.apus.train.order.StepPlan;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.ModelShare;
import io.apus.train.parallel.part.Holding;
import io.apus.train.parallel.pipeline.Passing;
import io.apus.train.schedule.LearningRates;
import io.apus.train.storage.Storages;
import io.apus.train.watch.Watchdog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** One rank's part in a run, from the checkpoint it begins at to the trained model. */
record Session(
        TrainTask task,
        TrainingData data,
        TrainedModel model,
        ModelFacts facts,
        TrainMethods methods,
        Objective objective,
        Grid grid,
        ModelShare share,
        Holding holding,
        Storages storages,
        Phases phases) {
    TrainResult run(Passing passing, RankPlace place) {
        SortedMap<String, ShardedState> sections = StateSections.of(model, holding, share);
        try (RunState saving = new RunState(task, data, sections, grid.world(), storages)) {
            return run(passing, place, saving);
        }
    }

    private TrainResult run(Passing passing, RankPlace place, RunState saving) {
        TrainReports reports = place.reports();
        LoopState start = saving.restore();
        phases.end("restore");
        MachineRate machine = new MachineRate(
                grid.world().rank() == 0 ? productRate() : 0,
                facts.operationsPerToken(),
                grid.world().size());
        grid.world().barrier();
        phases.end("measure");
        ShardBatches batches = data.batches();
        ReadAhead rows = new ReadAhead(
                data.batches(),
                data.plan(),
                start.step(),
                grid.replica(),
                grid.plan().dp(),
                task.train().loader());
        StepRunner runner = new StepRunner(
                passing,
                objective,
                rows,
                data.plan(),
                holding.gradients(),
                grid,
                methods.preparations(),
                task.train().routerAuxLossCoef(),
                new RankMeter(grid.world(), machine::share),
                new StopRequest(place.stopWanted()));
        long sent = grid.world().traffic().bytes();
        LoopState end;
        Duration stall = Duration.ofSeconds(task.train().stallSeconds());
        try (rows;
                TensorBoardListener board = TensorBoardListener.of(task, grid.world(), start.step());
                Watchdog watchdog = Watchdog.start(stall, grid.world().rank(), start.step(), reports::report)) {
            List<TrainListener> listeners = listeners(reports, start, board);
            listeners.add(watchdog);
            end = loop(batches, passing, runner, saving, listeners, start).run();
        }
        sent = grid.world().traffic().bytes() - sent;
        saving.takeBest(end);
        Path folder = Path.of(task.output()).resolve("model");
        if (end.step() == data.plan().totalSteps()) {
            try (Optimiser.Swapped weights = holding.optimiser().evaluated();
                    Holding.Whole whole = share.divided() ? () -> {} : holding.whole()) {
                write(folder);
            }
        }
        return result(start, end, runner, machine, sent, folder);
    }

    private void write(Path folder) {
        if (share.divided()) {
            List<HeldPiece> own =
                    new ArrayList<>(holding.weights(model.tensors()).written());
            own.addAll(share.kept(model.trained(), model.remembered()).written());
            new WholeModel(task, data, grid.world(), own).write(folder);
        } else {
            Agreement.all(grid.world(), () -> {
                if (grid.world().rank() == 0) {
                    model.write(task, folder);
                }
                return null;
            });
        }
    }

    /** Products in the type that the model computes in, on its device. */
    private double productRate() {
        return MatrixRate.operationsPerSecond(
                model.model().device(), model.model().precision().products());
    }

    private TrainLoop loop(
            ShardBatches batches,
            Passing passing,
            StepRunner runner,
            RunState saving,
            List<TrainListener> listeners,
            LoopState start) {
        StepPlan plan = data.plan();
        Update update = new Update(
                holding,
                LearningRates.of(task.train(), task.train().learningRateFor(task.tuner()), plan.totalSteps()),
                task.train().maxGradNorm(),
                plan.totalSteps(),
                model.tuner(),
                model.model(),
                share::largest);
        Cadence cadence = new Cadence(
                task.train(),
                plan.stepsPerEpoch(),
                plan.totalSteps(),
                data.validation().isPresent());
        Optional<Evaluator> evaluator = data.validation()
                .map(rows -> new Evaluator(
                        model.model().head(),
                        passing,
                        objective,
                        rows,
                        task.train().perDeviceEvalBatchSize(),
                        grid));
        return new TrainLoop(plan, batches, runner, update, cadence, evaluator, saving, listeners, start);
    }

    private List<TrainListener> listeners(TrainReports reports, LoopState start, TensorBoardListener board) {
        List<TrainListener> listeners = new ArrayList<>();
        if (grid.world().rank() != 0) {
            return listeners;
        }
        Path output = Path.of(task.output());
        listeners.add(new FirstStep(phases));
        listeners.add(JsonlLog.resume(output.resolve("logging.jsonl"), start.step()));
        board.log().ifPresent(listeners::add);
        ReportListener told = new ReportListener(reports);
        StepPlan plan = data.plan();
        told.started(start.step(), plan.totalSteps(), plan.rows(), grid.world().size(), facts);
        listeners.add(told);
        return listeners;
    }

    /** What comes before the first step has an end when that step has. */
    private record FirstStep(Phases phases) implements TrainListener {
        @Override
        public void stepped(StepReport report) {
            phases.end("first_step");
        }
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

    private TrainResult result(
            LoopState start, LoopState end, StepRunner runner, MachineRate machine, long sent, Path folder) {
        List<long[]> ranks = grid.world().allGather(new long[] {
            ProcessMemory.peak(),
            Double.doubleToRawLongBits(machine.flops()),
            Double.doubleToRawLongBits(end.seconds()),
            runner.earlyReductions(),
            Double.doubleToRawLongBits(start.seconds()),
            Double.doubleToRawLongBits(runner.dataWait()),
            sent
        });
        long[] first = ranks.get(0);
        double flops = Double.longBitsToDouble(first[1]);
        double total = Double.longBitsToDouble(first[2]);
        double seconds = total - Double.longBitsToDouble(first[4]);
        double longestWait = ranks.stream()
                .mapToDouble(rank -> Double.longBitsToDouble(rank[5]))
                .max()
                .orElse(0);
        long mostSent = ranks.stream().mapToLong(rank -> rank[6]).max().orElse(0);
        int steps = end.step() - start.step();
        double speed = steps == 0 ? 0 : (end.tokens() - start.tokens()) / seconds;
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
                longestWait / Math.max(seconds, 1e-9),
                flops,
                new MachineRate(flops, machine.operationsPerToken(), machine.ranks()).share(speed),
                facts.trained(),
                facts.count(),
                grid.world().size(),
                holding.gradients().count(),
                steps == 0 || grid.world().size() == 1 ? 0 : (double) first[3] / steps,
                steps == 0 ? 0 : (double) mostSent / steps,
                ranks.stream().map(rank -> rank[0]).toList(),
                phases.seconds(),
                folder.toString(),
                end.step() < data.plan().totalSteps());
    }
}
