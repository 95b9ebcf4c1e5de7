package io.apus.bench;

import io.apus.bench.data.DataFile;
import io.apus.bench.data.TokenizedCorpus;
import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.measure.Scratch;
import io.apus.bench.pipeline.PipelineSpeed;
import io.apus.schemas.data.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** From text files to packed shards on an embedded Spark: seconds, megabytes a second and core, memory. */
public final class PipelineBench extends Benchmark {
    PipelineBench() {
        super(
                "pipeline",
                Map.of(
                        "data", "",
                        "tokenizer", "",
                        "rows", "2000",
                        "mib", "60",
                        "max_length", "2048",
                        "cores", "2"));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new PipelineBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        Path folder = options.path("data").orElseGet(Quickstart::folder);
        try (Scratch scratch = new Scratch()) {
            List<Sample> samples = DataFile.samples(DataFile.in(folder, options.count("rows")));
            Path tokenizer = TokenizedCorpus.of(samples, options.path("tokenizer"), scratch.fresh("tokenizer"))
                    .tokenizer();
            report.add(PipelineSpeed.measure(
                    scratch,
                    samples,
                    tokenizer,
                    options.count("mib"),
                    options.count("max_length"),
                    options.count("cores")));
        }
        report.note("every row is a real conversation with a few of its words changed, so no two are the same");
        report.note(
                "heap after GC is what the driver and the tasks, in one process, still hold at the end of the stage;"
                        + " the peak of the process includes the heap's garbage up to BENCH_HEAP");
    }
}
