package io.apus.train.loop;

import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LossStatistics;
import io.apus.model.training.RouterLoss;
import io.apus.tensor.Scope;
import io.apus.tensor.collective.Collectives;
import io.apus.train.objective.Objective;
import io.apus.train.order.BatchSource;
import io.apus.train.order.GlobalBatch;
import io.apus.train.order.MicroBatch;
import io.apus.train.order.RowTokens;
import io.apus.train.order.StepPlan;
import io.apus.train.reduce.GradientBuckets;
import java.util.List;

/** Gradients and loss of one global batch, each rank doing its share of the forward and backward passes. */
public final class StepRunner {
    private final Backpropagation backpropagation;
    private final Objective objective;
    private final BatchSource source;
    private final StepPlan plan;
    private final GradientBuckets buckets;
    private final Collectives collectives;
    private final List<BeforeStep> preparations;
    private final double routerCoefficient;
    private final StopRequest stop;
    private int earlyReductions;

    /**
     * A runner of passes.
     *
     * @param routerCoefficient weight of the loss that balances the load of experts
     * @param stop is counted over the ranks with each step
     */
    public StepRunner(
            Backpropagation backpropagation,
            Objective objective,
            BatchSource source,
            StepPlan plan,
            GradientBuckets buckets,
            Collectives collectives,
            List<BeforeStep> preparations,
            double routerCoefficient,
            StopRequest stop) {
        this.backpropagation = backpropagation;
        this.objective = objective;
        this.source = source;
        this.plan = plan;
        this.buckets = buckets;
        this.collectives = collectives;
        this.preparations = List.copyOf(preparations);
        this.routerCoefficient = routerCoefficient;
        this.stop = stop;
    }

    /** Leaves the gradients of the whole global batch in the buckets; returns its statistics over all ranks. */
    LossStatistics run(GlobalBatch batch) {
        preparations.forEach(preparation -> preparation.prepare(batch.step()));
        buckets.clear();
        LossStatistics own = LossStatistics.ZERO;
        List<MicroBatch> passes = batch.of(collectives.rank(), collectives.size());
        for (int i = 0; i < passes.size(); i++) {
            GradientSink sink = i == passes.size() - 1 ? buckets.reducing() : GradientSink.none();
            own = own.plus(pass(batch, passes.get(i), sink));
        }
        earlyReductions += buckets.finish();
        return Totals.over(collectives, own, stop);
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

    /** Whether the ranks agreed, with the last step, to end after it. */
    boolean stops() {
        return stop.agreed();
    }

    /** How many bucket reductions were over when their backward pass ended, over all steps so far. */
    public int earlyReductions() {
        return earlyReductions;
    }
}
