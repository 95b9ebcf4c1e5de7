package io.apus.bench.model;

import io.apus.bench.measure.Contender;
import io.apus.bench.measure.Interleaved;
import io.apus.bench.measure.OwnProcess;
import io.apus.bench.measure.Table;
import io.apus.bench.measure.Timing;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.util.List;

/** Time and memory of head and loss at a large vocabulary. */
public final class LossSpeed {
    private static final double MB = 1e6;
    private static final String NOTHING = "nothing";

    private LossSpeed() {}

    /** Does it once in this process and prints the peak; arguments: way, tokens, hidden size, vocabulary, threads. */
    public static void main(String[] arguments) {
        Torch.threads(Integer.parseInt(arguments[4]));
        try (LinearLoss loss = new LinearLoss(
                Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]))) {
            switch (arguments[0]) {
                case "chunked" -> loss.chunked();
                case "plain" -> loss.plain();
                default -> {}
            }
        }
        OwnProcess.printPeak();
    }

    /** Compares both ways. */
    public static Table measure(int tokens, int hiddenSize, int vocabSize, int rounds, int threads) throws IOException {
        Table table = new Table(
                "Head and cross-entropy: " + tokens + " tokens, hidden " + hiddenSize + ", vocabulary " + vocabSize,
                "way",
                "ms",
                "times as long",
                "loss",
                "peak MB over weights and gradient",
                "share of plain %");
        try (LinearLoss loss = new LinearLoss(tokens, hiddenSize, vocabSize)) {
            List<Timing> timings = Interleaved.run(
                    1, rounds, List.of(new Contender("plain", loss::plain), new Contender("chunked", loss::chunked)));
            List<String> sizes = List.of(
                    Integer.toString(tokens),
                    Integer.toString(hiddenSize),
                    Integer.toString(vocabSize),
                    Integer.toString(threads));
            double idle = peak(NOTHING, sizes);
            double plain = peak("plain", sizes) - idle;
            for (Timing timing : timings) {
                double own = timing.name().equals("plain") ? plain : peak(timing.name(), sizes) - idle;
                table.row(
                        timing.name(),
                        timing.median() * 1e3,
                        timing.timesAsLongAs(timings.get(0)),
                        timing.result(),
                        own / MB,
                        100 * own / plain);
            }
        }
        return table;
    }

    private static double peak(String way, List<String> sizes) throws IOException {
        return OwnProcess.peak(LossSpeed.class, List.of(way, sizes.get(0), sizes.get(1), sizes.get(2), sizes.get(3)));
    }
}
