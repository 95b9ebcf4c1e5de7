package io.apus.bench;

import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.measure.Table;
import io.apus.bench.ranks.MadeRun;
import io.apus.bench.ranks.Reduction;
import io.apus.bench.ranks.SavingCost;
import io.apus.bench.ranks.Scaling;
import io.apus.bench.train.ModelSize;
import java.io.IOException;
import java.util.Map;

/** Ranks that train together, as processes of this machine: scaling, the all-reduce, and checkpoints beside the training. */
public final class RanksBench extends Benchmark {
    RanksBench() {
        super(
                "ranks",
                Map.of(
                        "size",
                        "20m",
                        "tokens",
                        "1024",
                        "passes",
                        "1,4",
                        "steps",
                        "12",
                        "rounds",
                        "3",
                        "megabytes",
                        "1,16,64",
                        "save_steps",
                        "10"));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new RanksBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        ModelSize size = ModelSize.named(options.text("size"));
        Reduction reduction = new Reduction(2 * options.count("rounds") + 1);
        Table bandwidth = new Table(
                "all-reduce of two ranks over loopback TCP",
                "MB",
                "raw TCP ms",
                "all-reduce ms",
                "raw GB/s",
                "GB/s",
                "%");
        for (int megabytes : options.counts("megabytes")) {
            reduction.measure(bandwidth, megabytes * 1_000_000L);
        }
        Table scaling = new Table(
                "the same work for each rank, a core for each: " + options.text("size") + ", rows of "
                        + options.text("tokens") + " tokens",
                "rows a rank",
                "ranks",
                "one ms/step",
                "apart ms/step",
                "together ms/step",
                "weak scaling",
                "of the machine",
                "of the trainer",
                "all-reduce alone ms",
                "hidden %",
                "over before the pass ends %");
        try (MadeRun run = new MadeRun(size, options.count("tokens"))) {
            double reduce = reduction.reduce(Float.BYTES * size.config().parameterCount());
            for (int passes : options.counts("passes")) {
                scale(new Scaling(run, passes, options.count("steps")), options.count("rounds"), reduce, scaling);
            }
            report.add(bandwidth);
            report.add(scaling);
            report.add(saving(new SavingCost(run, options.count("save_steps")), options.count("rounds")));
        }
        report.note("each rank is a process bound to one core; its step is the time between two reports of rank 0");
        report.note(
                "apart: as many ranks at once, each with a run of its own; weak scaling: one / together; of the machine:"
                        + " one / apart; of the trainer: apart / together");
        report.note(
                "hidden: what a step takes longer together than apart, against the all-reduce of all gradients alone");
    }

    private static Table saving(SavingCost cost, int rounds) {
        Table table = new Table(
                "a checkpoint every few steps, written while training goes on: one rank",
                "save_steps",
                "checkpoint MB",
                "without ms/step",
                "with ms/step",
                "ratio",
                "waiting for rows %");
        for (int round = 0; round < rounds; round++) {
            cost.round(round % 2 == 1);
        }
        cost.addTo(table);
        return table;
    }

    private static void scale(Scaling scaling, int rounds, double reduce, Table table) {
        for (int round = 0; round < rounds; round++) {
            scaling.round(2, round % 2 == 1);
        }
        scaling.addTo(table, 2, reduce);
    }
}
