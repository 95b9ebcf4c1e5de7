package io.apus.bench.data;

import io.apus.bench.measure.Contender;
import io.apus.bench.measure.Interleaved;
import io.apus.bench.measure.Table;
import io.apus.bench.measure.Timing;
import io.apus.corpus.pack.Packer;
import io.apus.schemas.spec.PackSpec;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** How full the rows are that each packing strategy makes, and how long the plan takes. */
public final class PackSpeed {
    private static final long SEED = 42;

    private PackSpeed() {}

    /** Plans for the lengths themselves, and for {@code many} drawn from them to see how the time grows. */
    public static Table measure(int[] lengths, List<Integer> capacities, int many, int rounds) throws IOException {
        Table table = new Table(
                "Packing (samples longer than a row are left out)",
                "strategy",
                "row tokens",
                "samples",
                "left out",
                "rows",
                "fill %",
                "ms",
                "samples/s");
        for (int capacity : capacities) {
            add(table, lengths, capacity, rounds);
            add(table, drawn(lengths, many), capacity, rounds);
        }
        return table;
    }

    private static int[] drawn(int[] lengths, int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] drawn = new int[count];
        Arrays.setAll(drawn, i -> lengths[random.nextInt(lengths.length)]);
        return drawn;
    }

    private static void add(Table table, int[] all, int capacity, int rounds) throws IOException {
        int[] fitting = Arrays.stream(all).filter(length -> length <= capacity).toArray();
        long tokens = Arrays.stream(fitting).asLongStream().sum();
        List<Timing> timings = Interleaved.run(
                2,
                rounds,
                List.of(
                        contender("best-fit decreasing", new PackSpec(true, null, "binpack", null), capacity, fitting),
                        contender("next-fit", new PackSpec(true, null, "sequential", null), capacity, fitting),
                        contender("one sample a row", new PackSpec(false, null, null, null), capacity, fitting)));
        for (Timing timing : timings) {
            table.row(
                    timing.name(),
                    capacity,
                    fitting.length,
                    all.length - fitting.length,
                    (long) timing.result(),
                    100.0 * tokens / (timing.result() * capacity),
                    timing.median() * 1e3,
                    fitting.length / timing.median());
        }
    }

    private static Contender contender(String name, PackSpec spec, int capacity, int[] lengths) {
        return new Contender(
                name, () -> Packer.plan(spec, capacity, lengths, SEED).rows());
    }
}
