package io.apus.train.loop;

import io.apus.model.layer.TokenBatch;
import io.apus.model.training.LossStatistics;
import io.apus.model.training.RouterLoss;
import io.apus.train.measure.RankMeter;
import io.apus.train.objective.Objective;
import io.apus.train.order.GlobalBatch;
import io.apus.train.order.MicroBatch;
import io.apus.train.order.ReadAhead;
import io.apus.train.order.RowTokens;
import io.apus.train.order.StepPlan;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.pipeline.Pass;
import io.apus.train.parallel.pipeline.Passing;
import io.apus.train.reduce.StepGradients;
import java.util.List;

/** Gradients and loss of one global batch, each rank doing its share of the forward and backward passes. */
public final class StepRunner {
    private final Passing passing;
    private final Objective objective;
    private final ReadAhead rows;
    private final StepPlan plan;
    private final StepGradients gradients;
    private final Grid grid;
    private final List<BeforeStep> preparations;
    private final double routerCoefficient;
    private final RankMeter meter;
    private final StopRequest stop;
    private int earlyReductions;

    /**
     * A runner of passes.
     *
     * @param routerCoefficient weight of the loss that balances the load of experts
     * @param meter told of every pass
     * @param stop is counted over the ranks with each step
     */
    public StepRunner(
            Passing passing,
            Objective objective,
            ReadAhead rows,
            StepPlan plan,
            StepGradients gradients,
            Grid grid,
            List<BeforeStep> preparations,
            double routerCoefficient,
            RankMeter meter,
            StopRequest stop) {
        this.passing = passing;
        this.objective = objective;
        this.rows = rows;
        this.plan = plan;
        this.gradients = gradients;
        this.grid = grid;
        this.preparations = List.copyOf(preparations);
        this.routerCoefficient = routerCoefficient;
        this.meter = meter;
        this.stop = stop;
    }

    /** Leaves the gradients of the whole global batch where they are kept; returns its statistics over all ranks. */
    LossStatistics run(GlobalBatch batch) {
        long start = System.nanoTime();
        preparations.forEach(preparation -> preparation.prepare(batch.step()));
        gradients.clear();
        int replicas = grid.plan().dp();
        List<MicroBatch> passes = batch.of(grid.replica(), replicas);
        int most = batch.of(0, replicas).size();
        int rounds = grid.inStep() ? most : passes.size();
        LossStatistics own = passing.train(
                rounds,
                i -> i < passes.size() ? pass(batch, passes.get(i)) : idle(batch),
                i -> gradients.pass(i == most - 1));
        for (int i = rounds; i < most; i++) {
            passing.idle(gradients.pass(i == most - 1));
        }
        meter.passed(start);
        earlyReductions += gradients.finish();
        return Totals.over(grid, own, stop);
    }

    /** A pass beside those of other replicas by one that has no rows left: its gradients are 0. */
    private Pass idle(GlobalBatch batch) {
        MicroBatch any = batch.microBatches().get(0);
        return pass(batch, any, rows.load(any.rows()).unweighted());
    }

    private Pass pass(GlobalBatch batch, MicroBatch pass) {
        RowTokens read = rows.take(pass);
        meter.read(read.inputIds().length);
        return pass(batch, pass, read);
    }

    private Pass pass(GlobalBatch batch, MicroBatch pass, RowTokens read) {
        TokenBatch tokens = TokenBatch.of(read.inputIds(), read.segmentLengths());
        return new Pass(
                tokens,
                objective.loss(tokens, read.lossWeights(), batch.scale()),
                new RouterLoss(routerCoefficient, batch.scale()),
                // Ranks that share a row drop activations of different tokens, so each draws for itself.
                plan.passSeed(batch.step(), pass.index()) + grid.context().rank());
    }

    /** What a step minimises, of the statistics that {@link #run} gave. */
    double loss(GlobalBatch batch, LossStatistics statistics) {
        return (statistics.lossSum() + routerCoefficient * statistics.routerSum()) * batch.scale();
    }

    RankMeter meter() {
        return meter;
    }

    /** Whether the ranks agreed, with the last step, to end after it. */
    boolean stops() {
        return stop.agreed();
    }

    /** How many bucket reductions were over when their backward pass ended, over all steps so far. */
    public int earlyReductions() {
        return earlyReductions;
    }

    /** Seconds that this rank has waited for rows so far. */
    public double dataWait() {
        return rows.waitedSeconds();
    }
}
