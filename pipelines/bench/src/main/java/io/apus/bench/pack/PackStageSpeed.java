package io.apus.bench.pack;

import io.apus.bench.measure.EmbeddedSpark;
import io.apus.bench.measure.Scratch;
import io.apus.bench.measure.Stopwatch;
import io.apus.bench.measure.Table;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.PackSpec;
import io.apus.schemas.table.Tables;
import io.apus.spark.lineage.PlacementTable;
import io.apus.spark.stage.Pack;
import io.apus.spark.stage.Phases;
import io.apus.spark.table.Mapping;
import io.apus.spark.table.Outcomes;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TableWriter;
import io.apus.train.measure.ProcessMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The pack stage on many samples: planning, shards, and the table that says where each sample went. */
public final class PackStageSpeed {
    private static final String TOKENIZER = "0".repeat(64);
    private static final long MIB = 1 << 20;
    /** Rows of one partition of the made table. */
    private static final int PARTITION = 250_000;

    private final Table table;
    private final int samples;

    private PackStageSpeed(Table table, int samples) {
        this.table = table;
        this.samples = samples;
    }

    /** Makes {@code samples} tokenised samples of {@code mean} tokens and packs them into rows of {@code maxLength}. */
    public static Table measure(Scratch scratch, int samples, int mean, int maxLength, int cores) throws IOException {
        Table table = new Table(
                "Packing " + samples + " samples of " + mean + " tokens on " + cores + " cores",
                "step",
                "s",
                "samples/s",
                "CPU s",
                "out",
                "heap after GC MiB",
                "process peak MiB");
        try (SparkSession spark = EmbeddedSpark.session(cores)) {
            new PackStageSpeed(table, samples).run(spark, scratch, new MadeTokens(mean, maxLength), maxLength);
        }
        return table;
    }

    private void run(SparkSession spark, Scratch scratch, MadeTokens made, int maxLength) throws IOException {
        Stopwatch watch = new Stopwatch();
        PublishedTable tokens = write(spark, scratch.fresh("tokens"), made);
        row("making the samples", watch, "");
        Path folder = scratch.fresh("shards");
        watch = new Stopwatch();
        Pack.Result packed = Pack.run(
                new Phases(spark, "pack", phase -> {}),
                new Pack.Task(new PackSpec(true, null, null, null), maxLength, 42, TOKENIZER),
                tokens,
                folder);
        ShardManifest shards = packed.shards().get(Splits.TRAIN);
        row("packing", watch, shards.rows() + " rows, " + Math.round(shards.fill() * 10_000) / 100.0 + "% filled");
        watch = new Stopwatch();
        PlacementTable.write(spark, packed.shards().values(), folder, tokens, scratch.fresh("placement"));
        row("placement", watch, "");
    }

    private PublishedTable write(SparkSession spark, Path folder, MadeTokens made) {
        MapPartitionsFunction<Long, Row> make =
                numbers -> new Mapping<>(numbers, number -> Outcomes.kept(made.row(number)));
        Dataset<Long> numbers =
                spark.range(0, samples, 1, 1 + samples / PARTITION).as(Encoders.LONG());
        return TableWriter.write(
                folder,
                Tables.TOKENS,
                Outcomes.kept(numbers.mapPartitions(make, Outcomes.encoder(Tables.TOKENS)), Tables.TOKENS));
    }

    private void row(String step, Stopwatch watch, String out) {
        double seconds = watch.seconds();
        double cpu = watch.cpuSeconds();
        ManagementFactory.getMemoryMXBean().gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        table.row(step, seconds, samples / seconds, cpu, out, heap / MIB, ProcessMemory.peak() / MIB);
    }
}
