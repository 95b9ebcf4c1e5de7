package io.apus.bench.ranks;

import io.apus.bench.measure.Table;
import io.apus.train.TrainResult;
import io.apus.train.local.LocalWorld;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Weak scaling: every rank, bound to a core of its own, does the same work, however many there are. Beside one rank alone and ranks that
 * train together, as many ranks run at once that know nothing of each other: what those take longer than one alone is the machine's (its
 * cores share memory and clock), what ranks together take longer than those is the trainer's.
 */
public final class Scaling {
    /** One way of running ranks. */
    private enum Way {
        ALONE,
        APART,
        TOGETHER
    }

    private final MadeRun run;
    private final int passes;
    private final int steps;
    private final List<Integer> cores = Cores.allowed();
    private final Map<Way, List<Double>> seconds = new EnumMap<>(Way.class);
    private double hidden;

    /** @param passes rows that each rank takes a step */
    public Scaling(MadeRun run, int passes, int steps) {
        this.run = run;
        this.passes = passes;
        this.steps = steps;
        for (Way way : Way.values()) {
            seconds.put(way, new ArrayList<>());
        }
    }

    /** One run of each way, in an order that the next round turns round. */
    public void round(int ranks, boolean reversed) {
        for (Way way : reversed ? List.of(Way.TOGETHER, Way.APART, Way.ALONE) : List.of(Way.values())) {
            seconds.get(way)
                    .add(
                            switch (way) {
                                case ALONE -> train(reversed ? ranks - 1 : 0, 1);
                                case APART -> apart(ranks);
                                case TOGETHER -> train(0, ranks);
                            });
        }
    }

    /** Mean over ranks that each train a run of their own at the same time. */
    private double apart(int ranks) {
        List<CompletableFuture<Double>> all = IntStream.range(0, ranks)
                .mapToObj(core -> CompletableFuture.supplyAsync(() -> train(core, 1)))
                .toList();
        return all.stream().mapToDouble(CompletableFuture::join).average().orElseThrow();
    }

    /** Seconds of a step of one run whose ranks have the {@code first} core and those after it. */
    private double train(int first, int ranks) {
        StepClock clock = new StepClock();
        TrainResult result = world(first, ranks, clock)
                .run(run.task(Map.of("worldSize", ranks, "gradientAccumulationSteps", passes, "maxSteps", steps)));
        if (ranks > 1) {
            hidden = result.earlyBuckets() / result.buckets();
        }
        return clock.medianSeconds();
    }

    /** Ranks bound to cores where this machine can do so and has enough of them. */
    private LocalWorld world(int first, int ranks, StepClock clock) {
        return cores.size() < first + ranks
                ? new LocalWorld(ranks, clock)
                : LocalWorld.onCores(cores.subList(first, first + ranks), clock);
    }

    /**
     * Adds a line of the medians.
     *
     * @param reduceSeconds what the all-reduce of all gradients takes when nothing else runs
     */
    public void addTo(Table table, int ranks, double reduceSeconds) {
        double one = median(seconds.get(Way.ALONE));
        double apart = median(seconds.get(Way.APART));
        double many = median(seconds.get(Way.TOGETHER));
        double share = Math.max(0, Math.min(1, 1 - (many - apart) / reduceSeconds));
        table.row(
                passes,
                ranks,
                one * 1e3,
                apart * 1e3,
                many * 1e3,
                ratio(Way.ALONE, Way.TOGETHER),
                ratio(Way.ALONE, Way.APART),
                ratio(Way.APART, Way.TOGETHER),
                reduceSeconds * 1e3,
                100 * share,
                100 * hidden);
    }

    /** The median over the rounds, each compared within itself. */
    private double ratio(Way of, Way to) {
        double[] ratios = new double[seconds.get(of).size()];
        Arrays.setAll(ratios, i -> seconds.get(of).get(i) / seconds.get(to).get(i));
        Arrays.sort(ratios);
        return ratios[ratios.length / 2];
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
