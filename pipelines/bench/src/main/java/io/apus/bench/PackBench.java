package io.apus.bench;

import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.measure.Scratch;
import io.apus.bench.pack.PackStageSpeed;
import java.io.IOException;
import java.util.Map;

/** The pack stage on an embedded Spark with many made samples. */
public final class PackBench extends Benchmark {
    PackBench() {
        super("pack", Map.of("samples", "500000", "mean", "60", "max_length", "2048", "cores", "2"));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new PackBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        try (Scratch scratch = new Scratch()) {
            report.add(PackStageSpeed.measure(
                    scratch,
                    options.count("samples"),
                    options.count("mean"),
                    options.count("max_length"),
                    options.count("cores")));
        }
        report.note("ids are random, so the made table compresses less than text's does");
    }
}
