package io.apus.bench.quant;

import io.apus.bench.measure.OwnProcess;
import io.apus.bench.measure.Table;
import io.apus.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What each way to hold a base takes, each in a process of its own because the allocator keeps what it once had. */
public final class QuantMemory {
    private static final double MEGA = 1e6;

    private final Path models;
    private final ModelConfig config;
    private final int tokens;
    private final int steps;
    private final int threads;
    private final Table table;

    public QuantMemory(Path models, String shape, String size, int tokens, int steps, int threads) {
        this.models = models;
        this.config = BaseShape.of(shape, size);
        this.tokens = tokens;
        this.steps = steps;
        this.threads = threads;
        this.table = new Table(
                "LoRA on a " + shape + " base of " + size + ", " + tokens + " tokens a step",
                "base",
                "mode",
                "quantised MB",
                "bits a weight",
                "others MB",
                "loading peak MB",
                "training peak MB",
                "ms/step",
                "loss");
    }

    /** Adds a line. */
    public void measure(String method, boolean checkpointed) throws IOException {
        Path folder = BaseFolder.of(models, config, QuantMethod.named(method).stored());
        double[] result = run(method, checkpointed, folder);
        table.row(
                method,
                checkpointed ? "checkpointed" : "plain",
                result[0] / MEGA,
                8 * result[0] / result[1],
                result[2] / MEGA,
                result[3] / MEGA,
                result[4] / MEGA,
                result[5] * 1e3,
                result[6]);
    }

    private double[] run(String method, boolean checkpointed, Path folder) throws IOException {
        // Freed tensors go back to the system at once: resident memory is what is alive.
        return OwnProcess.numbers(
                QuantStep.class,
                Map.of("GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=131072"),
                List.of(
                        method,
                        folder.toString(),
                        Integer.toString(tokens),
                        Integer.toString(steps),
                        Boolean.toString(checkpointed),
                        Integer.toString(threads)));
    }

    public Table table() {
        return table;
    }
}
