package io.apus.bench;

import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.measure.Scratch;
import io.apus.bench.quant.QuantMemory;
import java.io.IOException;
import java.util.Map;

/** Memory and time of training an adapter on a base that is quantised one way or another. */
public final class QuantBench extends Benchmark {
    QuantBench() {
        super(
                "quant",
                Map.of(
                        "size",
                        "100m",
                        "shape",
                        "dense",
                        "methods",
                        "f32,int8,nf4,nf4-double,hqq4,gptq4,fp8,eetq8",
                        "tokens",
                        "512",
                        "steps",
                        "3",
                        "threads",
                        "1"));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new QuantBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        try (Scratch scratch = new Scratch()) {
            QuantMemory memory = new QuantMemory(
                    scratch.path("models"),
                    options.text("shape"),
                    options.text("size"),
                    options.count("tokens"),
                    options.count("steps"),
                    options.count("threads"));
            for (String method : options.names("methods")) {
                memory.measure(method, false);
                memory.measure(method, true);
            }
            report.add(memory.table());
        }
        report.note("every line is a process of its own: it reads the model from disk, quantising it matrix by matrix"
                + " (gptq4 is stored quantised), attaches LoRA of rank 8 to every linear and trains");
        report.note("loading and training are the peaks of resident memory in each phase, the JVM included");
    }
}
