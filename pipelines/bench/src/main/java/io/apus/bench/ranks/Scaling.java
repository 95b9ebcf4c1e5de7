package io.apus.bench.ranks;

import io.apus.bench.measure.Table;
import io.apus.train.TrainResult;
import io.apus.train.local.LocalWorld;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Weak scaling: every rank, on one core, does the same work, however many there are. What a step then takes longer with several is the
 * part of the all-reduce that the backward pass does not hide.
 */
public final class Scaling {
    private final MadeRun run;
    private final int passes;
    private final int steps;
    private final List<Double> alone = new ArrayList<>();
    private final List<Double> together = new ArrayList<>();
    private double hidden;

    /** @param passes rows that each rank takes a step */
    public Scaling(MadeRun run, int passes, int steps) {
        this.run = run;
        this.passes = passes;
        this.steps = steps;
    }

    /** One run on one rank and one on {@code ranks}, in turns. */
    public void round(int ranks, boolean reversed) {
        for (int n : reversed ? List.of(ranks, 1) : List.of(1, ranks)) {
            StepClock clock = new StepClock();
            TrainResult result = new LocalWorld(n, clock)
                    .run(run.task(Map.of("worldSize", n, "gradientAccumulationSteps", passes, "maxSteps", steps)));
            (n == 1 ? alone : together).add(clock.seconds());
            if (n > 1) {
                hidden = result.earlyBuckets() / result.buckets();
            }
        }
    }

    /**
     * Adds a line of the medians.
     *
     * @param reduceSeconds what the all-reduce of all gradients takes when nothing else runs
     */
    public void addTo(Table table, int ranks, double reduceSeconds) {
        double one = median(alone);
        double many = median(together);
        double share = Math.max(0, Math.min(1, 1 - (many - one) / reduceSeconds));
        table.row(passes, ranks, one * 1e3, many * 1e3, ratio(), reduceSeconds * 1e3, 100 * share, 100 * hidden);
    }

    /** The median over the rounds, each compared within itself. */
    private double ratio() {
        double[] ratios = new double[alone.size()];
        Arrays.setAll(ratios, i -> alone.get(i) / together.get(i));
        Arrays.sort(ratios);
        return ratios[ratios.length / 2];
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
