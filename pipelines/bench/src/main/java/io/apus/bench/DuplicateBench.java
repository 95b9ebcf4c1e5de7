package io.apus.bench;

import io.apus.bench.duplicate.NearDuplicateSpeed;
import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.measure.Scratch;
import java.io.IOException;
import java.util.Map;

/** The near-duplicate filter over Spark, beside its arithmetic alone and a stage that only reads and writes. */
public final class DuplicateBench extends Benchmark {
    DuplicateBench() {
        super("duplicates", Map.of("documents", "50000", "words", "100", "cores", "2"));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new DuplicateBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        try (Scratch scratch = new Scratch()) {
            report.add(NearDuplicateSpeed.measure(
                    scratch, options.count("documents"), options.count("words"), options.count("cores")));
        }
        report.note(
                "one document in five is a copy of another with a word changed; the stage reads and writes Delta tables");
        report.note(
                "MB/s per core is the text's size by seconds and cores; MB/CPU s does not suffer from a busy machine");
    }
}
