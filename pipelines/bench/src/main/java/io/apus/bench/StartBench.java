package io.apus.bench;

import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.measure.Scratch;
import io.apus.bench.measure.Table;
import io.apus.bench.start.FirstStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From the command to the first step of training: seconds, and where they go. */
public final class StartBench extends Benchmark {
    StartBench() {
        super("start", Map.of("rounds", "3", "file", "conf/runs/quickstart.yaml"));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new StartBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        Path root = Quickstart.root().toAbsolutePath();
        List<Map<String, Double>> rounds = new ArrayList<>();
        try (Scratch scratch = new Scratch()) {
            FirstStep first = new FirstStep(root.resolve("apus"), root.resolve(options.text("file")), scratch);
            first.prepare();
            for (int round = 0; round < options.count("rounds"); round++) {
                rounds.add(first.measure());
            }
        }
        Table table =
                new Table("until the first step is done: apus stage train " + options.text("file"), "phase", "s", "%");
        double all = median(rounds, "all");
        for (String phase : rounds.get(0).keySet()) {
            double seconds = median(rounds, phase);
            table.row(phase, seconds, 100 * seconds / all);
        }
        report.add(table);
        report.note("medians of " + rounds.size() + " runs: they need not add up to the whole");
        report.note("the rows were there; training begins when the log has the first step");
    }

    private static double median(List<Map<String, Double>> rounds, String phase) {
        double[] sorted =
                rounds.stream().mapToDouble(round -> round.get(phase)).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
