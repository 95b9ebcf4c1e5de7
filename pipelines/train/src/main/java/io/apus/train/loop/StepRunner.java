package io.apus.train.loop;

import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LossStatistics;
import io.apus.model.training.RouterLoss;
import io.apus.tensor.Scope;
import io.apus.train.objective.Objective;
import io.apus.train.order.BatchSource;
import io.apus.train.order.GlobalBatch;
import io.apus.train.order.MicroBatch;
import io.apus.train.order.RowTokens;
import io.apus.train.order.StepPlan;
import io.apus.train.parallel.Grid;
import io.apus.train.reduce.StepGradients;
import java.util.List;

/** Gradients and loss of one global batch, each rank doing its share of the forward and backward passes. */
public final class StepRunner {
    private final Backpropagation backpropagation;
    private final Objective objective;
    private final BatchSource source;
    private final StepPlan plan;
    private final StepGradients gradients;
    private final Grid grid;
    private final List<BeforeStep> preparations;
    private final double routerCoefficient;
    private int earlyReductions;

    /**
     * A runner of passes.
     *
     * @param routerCoefficient weight of the loss that balances the load of experts
     */
    public StepRunner(
            Backpropagation backpropagation,
            Objective objective,
            BatchSource source,
            StepPlan plan,
            StepGradients gradients,
            Grid grid,
            List<BeforeStep> preparations,
            double routerCoefficient) {
        this.backpropagation = backpropagation;
        this.objective = objective;
        this.source = source;
        this.plan = plan;
        this.gradients = gradients;
        this.grid = grid;
        this.preparations = List.copyOf(preparations);
        this.routerCoefficient = routerCoefficient;
    }

    /** Leaves the gradients of the whole global batch in the gradients; returns its statistics over all ranks. */
    LossStatistics run(GlobalBatch batch) {
        preparations.forEach(preparation -> preparation.prepare(batch.step()));
        gradients.clear();
        LossStatistics own = LossStatistics.ZERO;
        int replicas = grid.plan().dp();
        List<MicroBatch> passes = batch.of(grid.replica(), replicas);
        int rounds = batch.of(0, replicas).size();
        for (int i = 0; i < rounds; i++) {
            GradientSink sink = gradients.pass(i == rounds - 1);
            if (i < passes.size()) {
                own = own.plus(pass(batch, passes.get(i), sink));
            } else {
                backpropagation.idle(sink);
            }
        }
        earlyReductions += gradients.finish();
        return Totals.over(grid.sums(), own);
    }

    private LossStatistics pass(GlobalBatch batch, MicroBatch pass, GradientSink sink) {
        RowTokens rows = source.load(pass.rows());
        try (Scope scope = Scope.open()) {
            TokenBatch tokens = TokenBatch.of(rows.inputIds(), rows.segmentLengths());
            return backpropagation.step(
                    tokens,
                    objective.loss(tokens, rows.lossWeights(), batch.scale()),
                    new RouterLoss(routerCoefficient, batch.scale()),
                    plan.passSeed(batch.step(), pass.index()),
                    sink);
        }
    }

    /** What a step minimises, of the statistics that {@link #run} gave. */
    double loss(GlobalBatch batch, LossStatistics statistics) {
        return (statistics.lossSum() + routerCoefficient * statistics.routerSum()) * batch.scale();
    }

    /** How many bucket reductions were over when their backward pass ended, over all steps so far. */
    public int earlyReductions() {
        return earlyReductions;
    }
}
