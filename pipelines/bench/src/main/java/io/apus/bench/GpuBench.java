package io.apus.bench;

import io.apus.bench.gpu.DeviceBench;
import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Parity, speed and memory of a device: what a kit runs on a machine with a GPU and without Spark. */
public final class GpuBench extends Benchmark {
    GpuBench() {
        super(
                "gpu",
                Map.of(
                        "device", "cuda",
                        "dtype", "bfloat16",
                        "sizes", "0.5b,1.5b,7b",
                        "methods", "full,lora",
                        "tokens", "4096",
                        "warmups", "3",
                        "steps", "5",
                        "cases", "",
                        "out", ""));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new GpuBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        DeviceBench.run(options, report);
        Optional<Path> out = options.path("out");
        if (out.isPresent()) {
            Files.createDirectories(out.get());
            report.writeMarkdown(out.get().resolve("gpu.md"));
            report.writeJson(out.get().resolve("gpu.json"));
        }
    }
}
