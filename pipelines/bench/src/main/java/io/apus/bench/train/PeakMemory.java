package io.apus.bench.train;

import io.apus.bench.measure.OwnProcess;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.util.List;

/** The most memory that two training steps ever hold. */
final class PeakMemory {
    private static final int STEPS = 2;

    private PeakMemory() {}

    /** Runs the steps in this process and prints its peak; arguments: size, tokens, true for checkpointing, threads. */
    public static void main(String[] arguments) {
        Torch.threads(Integer.parseInt(arguments[3]));
        try (TrainStep step = new TrainStep(ModelSize.named(arguments[0]), Integer.parseInt(arguments[1]))) {
            for (int i = 0; i < STEPS; i++) {
                step.whole(Boolean.parseBoolean(arguments[2]));
            }
        }
        OwnProcess.printPeak();
    }

    /** Bytes, the virtual machine's own included. */
    static long of(String size, int tokens, boolean checkpointed, int threads) throws IOException {
        return OwnProcess.peak(
                PeakMemory.class,
                List.of(size, Integer.toString(tokens), Boolean.toString(checkpointed), Integer.toString(threads)));
    }
}
