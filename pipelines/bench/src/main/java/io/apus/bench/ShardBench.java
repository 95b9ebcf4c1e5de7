package io.apus.bench;

import io.apus.bench.data.DataFile;
import io.apus.bench.data.TokenizedCorpus;
import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.measure.Scratch;
import io.apus.bench.shard.PackedCorpus;
import io.apus.bench.shard.ShardSpeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The formats that packed rows could have. */
public final class ShardBench extends Benchmark {
    private static final int ROWS_PER_FILE = 10_000;

    ShardBench() {
        super("shards", Map.of("data", "", "tokenizer", "", "packed_rows", "4096", "length", "2048", "rounds", "5"));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new ShardBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        Path folder = options.path("data").orElseGet(Quickstart::folder);
        try (Scratch scratch = new Scratch()) {
            TokenizedCorpus corpus = TokenizedCorpus.of(
                    DataFile.samples(DataFile.in(folder, ROWS_PER_FILE)),
                    options.path("tokenizer"),
                    scratch.fresh("tokenizer"));
            ShardSpeed speed = new ShardSpeed(
                    PackedCorpus.of(corpus.rows(), options.count("length"), options.count("packed_rows")), scratch);
            report.add(speed.measure(options.count("rounds")));
        }
        report.note("every format ends with fsync and a SHA-256, and checks the SHA-256 when it is opened");
        report.note("Parquet is read column by column on one thread; files are in the page cache");
    }
}
