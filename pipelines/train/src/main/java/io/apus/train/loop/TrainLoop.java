package io.apus.train.loop;

import io.apus.model.training.LossStatistics;
import io.apus.train.measure.Reading;
import io.apus.train.order.BatchSource;
import io.apus.train.order.GlobalBatch;
import io.apus.train.order.StepPlan;
import java.util.List;
import java.util.Optional;

/** The one training loop: it knows neither the objective nor the tuner, nor how many ranks there are. */
public final class TrainLoop {
    private final StepPlan plan;
    private final BatchSource source;
    private final StepRunner runner;
    private final Update update;
    private final Cadence cadence;
    private final Optional<Evaluator> evaluator;
    private final Saving saving;
    private final List<TrainListener> listeners;
    private LoopState state;

    /**
     * @param start where to begin: the start of the run or a checkpoint
     * @param evaluator empty when there are no validation rows
     */
    public TrainLoop(
            StepPlan plan,
            BatchSource source,
            StepRunner runner,
            Update update,
            Cadence cadence,
            Optional<Evaluator> evaluator,
            Saving saving,
            List<TrainListener> listeners,
            LoopState start) {
        this.plan = plan;
        this.source = source;
        this.runner = runner;
        this.update = update;
        this.cadence = cadence;
        this.evaluator = evaluator;
        this.saving = saving;
        this.listeners = List.copyOf(listeners);
        this.state = start;
    }

    /** Runs to the last step, or to where the ranks agree to stop, which leaves a checkpoint; returns the state there. */
    public LoopState run() {
        boolean stopped = false;
        while (state.step() < plan.totalSteps() && !stopped) {
            StepReport report = step();
            listeners.forEach(listener -> listener.stepped(report));
            log(report);
            evaluate();
            stopped = runner.stops();
            save(stopped);
        }
        tell(saving.finish(state));
        if (state.step() == plan.totalSteps()) {
            listeners.forEach(listener -> listener.ended(progress(), state));
        }
        return state;
    }

    private StepReport step() {
        long start = System.nanoTime();
        double waited = runner.dataWait();
        int step = state.step();
        GlobalBatch batch = source.batch(step);
        LossStatistics statistics = runner.run(batch);
        double norm = update.norm();
        double rate = update.rate(state);
        boolean applied = update.apply(step, rate, norm);
        StepReport report = new StepReport(
                step + 1,
                plan.totalSteps(),
                runner.loss(batch, statistics),
                norm,
                rate,
                batch.tokens(),
                (System.nanoTime() - start) / 1e9,
                runner.dataWait() - waited,
                !applied);
        runner.meter().stepped(report.seconds());
        state = state.after(report, state.window().plus(report, statistics));
        return report;
    }

    private void log(StepReport report) {
        if (cadence.logs(state.step())) {
            Window window = state.window();
            Reading reading = runner.meter().take(window.tokensPerSecond());
            listeners.forEach(listener -> listener.logged(progress(), report, window, reading));
            state = state.logged();
        }
    }

    private void evaluate() {
        if (evaluator.isPresent() && cadence.evaluates(state.step())) {
            Evaluation evaluation = update.evaluated(evaluator.get());
            state = state.evaluated(evaluation);
            listeners.forEach(listener -> listener.evaluated(progress(), evaluation));
        }
    }

    private void save(boolean stopped) {
        if (cadence.saves(state.step()) || (stopped && state.step() < plan.totalSteps())) {
            if (evaluator.isPresent() && cadence.evaluates(state.step())) {
                state = state.withBest(cadence.choice().of(state.best(), state.step(), state.evaluation()));
            }
            saving.save(state);
        }
        tell(saving.saved());
    }

    private void tell(List<Saving.Saved> checkpoints) {
        checkpoints.forEach(checkpoint -> listeners.forEach(listener -> listener.saved(checkpoint)));
    }

    private Progress progress() {
        return new Progress(state.step(), plan.totalSteps(), plan.epochsAfter(state.step()), state.seconds());
    }
}
