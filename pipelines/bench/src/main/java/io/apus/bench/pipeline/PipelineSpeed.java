package io.apus.bench.pipeline;

import io.apus.bench.measure.EmbeddedSpark;
import io.apus.bench.measure.Scratch;
import io.apus.bench.measure.Stopwatch;
import io.apus.bench.measure.Table;
import io.apus.corpus.filter.FilterChain;
import io.apus.corpus.filter.rule.FilterSources;
import io.apus.corpus.ingest.RowRules;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.FilterSpec;
import io.apus.schemas.spec.PackSpec;
import io.apus.schemas.spec.TokenizeSpec;
import io.apus.spark.source.SourceDataset;
import io.apus.spark.source.SourceReader;
import io.apus.spark.stage.Filter;
import io.apus.spark.stage.Ingest;
import io.apus.spark.stage.Pack;
import io.apus.spark.stage.Phases;
import io.apus.spark.stage.Tokenize;
import io.apus.train.measure.ProcessMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/** The four data stages one after the other on one large file. */
public final class PipelineSpeed {
    private static final double MB = 1e6;
    private static final long MIB = 1 << 20;
    /** Text for the tokenizer alone, whose speed does not depend on how much there is. */
    private static final long BARE_MIB = 40;

    private final Table table;
    private final SparkSession spark;
    private final double megabytes;
    private final int cores;
    private double tokenizeRate;

    private PipelineSpeed(Table table, SparkSession spark, double megabytes, int cores) {
        this.table = table;
        this.spark = spark;
        this.megabytes = megabytes;
        this.cores = cores;
    }

    /** Makes a file of {@code mib} MiB from {@code samples} and takes it to shards of rows of {@code maxLength} tokens. */
    public static Table measure(
            Scratch scratch, List<Sample> samples, Path tokenizer, int mib, int maxLength, int cores)
            throws IOException {
        Path file = scratch.fresh("rows.jsonl");
        new RepeatedRows(samples).write(file, mib * MIB);
        Table table = new Table(
                "Text to packed shards: " + mib + " MiB, " + cores + " cores",
                "stage",
                "s",
                "MB/s per core",
                "CPU s",
                "out",
                "heap after GC MiB",
                "process peak MiB");
        try (SparkSession spark = EmbeddedSpark.session(cores)) {
            new PipelineSpeed(table, spark, Files.size(file) / MB, cores).run(scratch, file, tokenizer, maxLength);
        }
        return table;
    }

    private void run(Scratch scratch, Path file, Path tokenizer, int maxLength) throws IOException {
        Path folder = scratch.fresh("run");
        Stopwatch whole = new Stopwatch();
        SourceDataset dataset =
                SourceDataset.of("rows.jsonl", 0, List.of(file.toString()), RowRules.renaming(Map.of()));
        Ingest.Result ingested = stage(
                "ingest",
                phases -> Ingest.run(
                        phases,
                        new Ingest.Task(
                                List.of(dataset),
                                42,
                                Ingest.Order.DEFAULT,
                                0,
                                Ingest.Mix.NONE,
                                false,
                                SourceReader.SLICE_BYTES),
                        folder.resolve("ingest")),
                result -> result.accounting().kept() + " samples");
        Filter.Result filtered = stage(
                "filter",
                phases -> Filter.run(
                        phases,
                        FilterChain.of(new FilterSpec(null)).load(FilterSources.FILES),
                        ingested.written().kept(),
                        folder.resolve("filter")),
                result -> result.accounting().kept() + " samples");
        Tokenize.Result tokens = stage(
                "tokenize",
                phases -> Tokenize.run(
                        phases,
                        new Tokenize.Task(new TokenizeSpec(null, maxLength, null, null, null, null), tokenizer, null),
                        filtered.written().kept(),
                        folder.resolve("tokenize")),
                result -> result.bySplit().get(Splits.TRAIN).tokens() + " tokens");
        stage(
                "pack",
                phases -> Pack.run(
                        phases,
                        new Pack.Task(new PackSpec(true, null, null, null), maxLength, 42, tokens.tokenizerSha256()),
                        tokens.written().kept(),
                        folder.resolve("shards")),
                result -> filled(result.shards().get(Splits.TRAIN)));
        row("all", whole, "");
        bare(file, tokenizer);
    }

    /** What the tokenize stage is compared with. */
    private void bare(Path file, Path tokenizer) throws IOException {
        BareTokenizing bare = new BareTokenizing(tokenizer, file, BARE_MIB * MIB);
        double seconds = bare.seconds(cores);
        double rate = bare.bytes() / MB / seconds / cores;
        table.row(
                "tokenizers library alone",
                seconds,
                rate,
                "",
                "first " + bare.bytes() / MIB + " MiB; tokenize stage is "
                        + Math.round(100 * tokenizeRate / rate) / 100.0 + " of it",
                "",
                "");
    }

    private static String filled(ShardManifest shards) {
        return shards.rows() + " rows, " + Math.round(shards.fill() * 10_000) / 100.0 + "% filled";
    }

    private <T> T stage(String name, Function<Phases, T> work, Function<T, String> out) {
        Stopwatch watch = new Stopwatch();
        T result = work.apply(new Phases(spark, name, phase -> {}));
        row(name, watch, out.apply(result));
        return result;
    }

    private void row(String name, Stopwatch watch, String out) {
        double seconds = watch.seconds();
        if (name.equals("tokenize")) {
            tokenizeRate = megabytes / seconds / cores;
        }
        double cpu = watch.cpuSeconds();
        ManagementFactory.getMemoryMXBean().gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        table.row(name, seconds, megabytes / seconds / cores, cpu, out, heap / MIB, ProcessMemory.peak() / MIB);
    }
}
