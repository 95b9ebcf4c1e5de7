package io.apus.bench;

import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.train.TrainSpeed;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.util.Map;

/** The training step of one rank, without Spark and without a network. */
public final class TrainBench extends Benchmark {
    TrainBench() {
        super("train", Map.of("sizes", "nano,20m,100m", "tokens", "1024,2048", "steps", "3", "threads", "1"));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new TrainBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        int threads = options.count("threads");
        Torch.threads(threads);
        TrainSpeed speed = new TrainSpeed(options.count("steps"), threads);
        for (String size : options.names("sizes")) {
            for (int tokens : options.counts("tokens")) {
                speed.measure(size, tokens);
            }
        }
        report.add(speed.table());
        report.note("libtorch threads: " + threads);
        report.note(
                "GFLOP/s counts six operations a weight and token and causal attention within samples, no recomputation");
        report.note(
                "GEMM is the step's own matrix products into memory that is there already, in turns with the steps");
        report.note(
                "peak MB is the resident memory of a process of its own that does two such steps, the JVM included");
    }
}
