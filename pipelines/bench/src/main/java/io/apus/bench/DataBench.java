package io.apus.bench;

import io.apus.bench.data.DataFile;
import io.apus.bench.data.IngestSpeed;
import io.apus.bench.data.PackSpeed;
import io.apus.bench.data.TextSpeed;
import io.apus.bench.data.TokenizeSpeed;
import io.apus.bench.data.TokenizedCorpus;
import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.measure.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The data side without Spark: mapping rows, tokenising, packing. */
public final class DataBench extends Benchmark {
    DataBench() {
        super(
                "data",
                Map.of(
                        "data", "",
                        "tokenizer", "",
                        "rows", "300",
                        "characters", "1000000",
                        "lengths", "1024,2048",
                        "pack_samples", "1000000",
                        "rounds", "5"));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new DataBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        int rounds = options.count("rounds");
        Path folder = options.path("data").orElseGet(Quickstart::folder);
        try (Scratch scratch = new Scratch()) {
            List<DataFile> files = DataFile.in(folder, options.count("rows"));
            report.add(IngestSpeed.measure(files, rounds));
            TokenizedCorpus corpus =
                    TokenizedCorpus.of(DataFile.samples(files), options.path("tokenizer"), scratch.fresh("tokenizer"));
            report.add(TokenizeSpeed.measure(corpus, rounds));
            report.add(TextSpeed.measure(
                    files, corpus.tokenizer(), Quickstart.root(), options.count("characters"), rounds));
            report.add(PackSpeed.measure(
                    corpus.lengths(), options.counts("lengths"), options.count("pack_samples"), rounds));
        }
        report.note("result counts rows kept or tokens; in the template-only line it counts the assistant's turns");
        report.note("ratios are medians over " + rounds + " rounds in which all ways took turns");
    }
}
