package io.apus.bench.train;

import io.apus.bench.measure.Contender;
import io.apus.bench.measure.Interleaved;
import io.apus.bench.measure.Table;
import io.apus.bench.measure.Timing;
import java.io.IOException;
import java.util.List;

/** Speed of a training step on one rank, as a share of what the machine's own matrix products of the same shapes reach. */
public final class TrainSpeed {
    private static final double GIGA = 1e9;
    private static final List<String> MODES = List.of("plain", "checkpointed");

    private final int steps;
    private final int threads;
    private final Table table = new Table(
            "Training step: forward, backward, AdamW; one packed row, every token a target",
            "model",
            "M params",
            "tokens",
            "mode",
            "ms/step",
            "tokens/s",
            "GFLOP/s",
            "GEMM GFLOP/s",
            "share %",
            "head+loss %",
            "AdamW %",
            "peak MB");

    /** @param threads what libtorch may use for one operation */
    public TrainSpeed(int steps, int threads) {
        this.steps = steps;
        this.threads = threads;
    }

    /** Adds a line for each mode. */
    public void measure(String name, int tokens) throws IOException {
        ModelSize size = ModelSize.named(name);
        try (TrainStep step = new TrainStep(size, tokens);
                MatrixProducts products = new MatrixProducts(step.model(), tokens)) {
            List<Timing> timings = Interleaved.run(
                    1,
                    steps,
                    List.of(
                            new Contender(MODES.get(0), () -> step.whole(false)),
                            new Contender("products", products::multiply),
                            new Contender(MODES.get(1), () -> step.whole(true)),
                            new Contender("head and loss", step::headAndLoss),
                            new Contender("optimiser", step::update)));
            add(name, step, timings, false, timings.get(0));
            add(name, step, timings, true, timings.get(2));
        }
    }

    private void add(String name, TrainStep step, List<Timing> timings, boolean checkpointed, Timing timing)
            throws IOException {
        Timing products = timings.get(1);
        double operations = StepOperations.of(step.model(), step.batch());
        int tokens = step.batch().tokens();
        // Shares compare medians of per-round ratios: the machine's speed drifts.
        double share = operations / products.result() / timing.timesAsLongAs(products);
        table.row(
                name,
                step.model().config().parameterCount() / 1e6,
                tokens,
                timing.name(),
                timing.median() * 1e3,
                tokens / timing.median(),
                operations / timing.median() / GIGA,
                products.result() / products.median() / GIGA,
                100 * share,
                100 * timings.get(3).timesAsLongAs(timing),
                100 * timings.get(4).timesAsLongAs(timing),
                PeakMemory.of(name, tokens, checkpointed, threads) / 1e6);
    }

    public Table table() {
        return table;
    }
}
