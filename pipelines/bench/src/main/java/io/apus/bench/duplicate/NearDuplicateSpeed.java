package io.apus.bench.duplicate;

import io.apus.bench.measure.EmbeddedSpark;
import io.apus.bench.measure.Scratch;
import io.apus.bench.measure.Stopwatch;
import io.apus.bench.measure.Table;
import io.apus.corpus.filter.FilterChain;
import io.apus.corpus.filter.duplicate.MinHash;
import io.apus.corpus.filter.duplicate.Shingles;
import io.apus.schemas.data.Sample;
import io.apus.schemas.spec.FilterRule;
import io.apus.schemas.spec.FilterSpec;
import io.apus.schemas.table.Tables;
import io.apus.spark.stage.Filter;
import io.apus.spark.stage.Phases;
import io.apus.spark.table.Mapping;
import io.apus.spark.table.Outcomes;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TableWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Megabytes of text a second and core that the near-duplicate filter gets through. */
public final class NearDuplicateSpeed {
    private static final int IN_MEMORY = 20_000;
    private static final int WARM_UP = 5_000;
    private static final int ROUNDS = 3;
    private static final List<String> FILTERS = List.of("empty", "near_duplicate");

    private NearDuplicateSpeed() {}

    /** Makes {@code documents} documents and filters them on {@code cores} cores. */
    public static Table measure(Scratch scratch, int documents, int words, int cores) throws IOException {
        MadeDocuments made = new MadeDocuments(words);
        Table table = new Table(
                "Near duplicates: " + documents + " documents of about " + words + " words",
                "way",
                "documents",
                "MB",
                "cores",
                "s",
                "MB/s per core",
                "CPU s",
                "MB/CPU s",
                "refused",
                "planted");
        arithmetic(table, made, Math.min(documents, IN_MEMORY));
        try (SparkSession spark = EmbeddedSpark.session(cores)) {
            PublishedTable samples = write(spark, scratch, "samples", made, documents, cores);
            PublishedTable few = write(spark, scratch, "few", made, Math.min(documents, WARM_UP), cores);
            for (String filter : FILTERS) {
                filter(spark, scratch, few, filter);
            }
            for (String filter : FILTERS) {
                Stopwatch watch = new Stopwatch();
                Filter.Result result = filter(spark, scratch, samples, filter);
                row(table, "stage with the filter " + filter, made, documents, cores, watch, result);
            }
        }
        return table;
    }

    /** Shingles and signatures on one thread, measured when the code is compiled. */
    private static void arithmetic(Table table, MadeDocuments made, int documents) {
        List<Sample> samples =
                LongStream.range(0, documents).mapToObj(made::sample).toList();
        MinHash hash = new MinHash(128);
        long sum = 0;
        Stopwatch watch = new Stopwatch();
        for (int round = 0; round < ROUNDS; round++) {
            watch = new Stopwatch();
            for (Sample sample : samples) {
                sum += hash.signature(Shingles.of(sample, 5))[0];
            }
        }
        if (sum == 0) {
            throw new IllegalStateException("no signature was made"); // the sum is used, so that no work is left out
        }
        row(table, "shingles and signatures alone", made, documents, 1, watch, null);
    }

    private static void row(
            Table table,
            String way,
            MadeDocuments made,
            int documents,
            int cores,
            Stopwatch watch,
            Filter.Result result) {
        double seconds = watch.seconds();
        double cpu = watch.cpuSeconds();
        double megabytes = megabytes(made, documents);
        table.row(
                way,
                documents,
                megabytes,
                cores,
                seconds,
                megabytes / seconds / cores,
                cpu,
                megabytes / cpu,
                result == null ? 0 : result.written().rejectedRows(),
                result == null ? 0 : MadeDocuments.copies(documents));
    }

    private static Filter.Result filter(SparkSession spark, Scratch scratch, PublishedTable samples, String filter)
            throws IOException {
        return Filter.run(
                new Phases(spark, "filter", phase -> {}),
                FilterChain.of(new FilterSpec(List.of(FilterRule.named(filter)))),
                samples,
                scratch.fresh(filter));
    }

    private static double megabytes(MadeDocuments made, int documents) {
        int step = Math.max(1, documents / IN_MEMORY);
        long bytes = 0;
        int counted = 0;
        for (int i = 0; i < documents; i += step) {
            bytes += made.text(i).getBytes(StandardCharsets.UTF_8).length;
            counted++;
        }
        return bytes / 1e6 * documents / counted;
    }

    private static PublishedTable write(
            SparkSession spark, Scratch scratch, String name, MadeDocuments made, int documents, int cores)
            throws IOException {
        MapPartitionsFunction<Long, Row> make =
                numbers -> new Mapping<>(numbers, number -> Outcomes.kept(made.sample(number), null, 0));
        Dataset<Long> numbers = spark.range(0, documents, 1, 4 * cores).as(Encoders.LONG());
        return TableWriter.write(
                scratch.fresh(name),
                Tables.SAMPLES,
                Outcomes.kept(numbers.mapPartitions(make, Outcomes.encoder(Tables.SAMPLES)), Tables.SAMPLES));
    }
}
