package io.apus.bench;

import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.model.AttentionSpeed;
import io.apus.bench.model.FusedLayers;
import io.apus.bench.model.LossSpeed;
import io.apus.bench.model.SteadyMemory;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.util.Map;

/** Parts of a decoder: head and loss at a large vocabulary, attention in packed rows, fused layers, memory over many steps. */
public final class ModelBench extends Benchmark {
    ModelBench() {
        super(
                "model",
                Map.of(
                        "tokens", "2048",
                        "hidden", "896",
                        "intermediate", "4864",
                        "vocabulary", "151936",
                        "rows", "2048,4096",
                        "rounds", "5",
                        "steps", "1000",
                        "size", "nano",
                        "threads", "1"));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new ModelBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        int threads = options.count("threads");
        Torch.threads(threads);
        report.add(SteadyMemory.measure(options.text("size"), options.count("steps")));
        report.add(AttentionSpeed.measure(options.counts("rows"), 4 * options.count("rounds")));
        report.add(LossSpeed.measure(
                options.count("tokens"),
                options.count("hidden"),
                options.count("vocabulary"),
                options.count("rounds"),
                threads));
        report.add(FusedLayers.measure(
                options.count("tokens"),
                options.count("hidden"),
                options.count("intermediate"),
                4 * options.count("rounds")));
        report.note("libtorch threads: " + threads);
        report.note("samples alone: each sample's attention in tensors of its own, one call a sample");
        report.note(
                "peak MB is that of a process of its own, less one that only holds hidden states, weights and gradient");
    }
}
