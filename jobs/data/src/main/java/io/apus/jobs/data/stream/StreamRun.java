package io.apus.jobs.data.stream;

import io.apus.corpus.filter.duplicate.ExactDuplicateFilter;
import io.apus.hub.select.ModelFiles;
import io.apus.jobs.data.Datasets;
import io.apus.jobs.launch.AbsolutePaths;
import io.apus.jobs.launch.HubModels;
import io.apus.jobs.launch.Progress;
import io.apus.jobs.launch.RunLock;
import io.apus.jobs.launch.StageManifest;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.spark.source.SourceDataset;
import io.apus.spark.stream.Arrivals;
import io.apus.spark.stream.TakenContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Takes what has arrived, batch by batch, and adds each batch to the run's folder exactly once, so that training goes on from there as from
 * any packed data. A batch is kept by Spark's checkpoint until it is committed here; run again, it gives the same.
 */
final class StreamRun {
    private static final String QUERY = "sql.streaming.queryId";

    /**
     * How to stream.
     *
     * @param table a further Delta table that receives the samples, which other streams may share; or null
     * @param watchSeconds look for new data this often until the process is ended; 0 takes what is there and ends
     */
    record Task(Path table, long watchSeconds) {
        Trigger trigger() {
            return watchSeconds == 0 ? Trigger.AvailableNow() : Trigger.ProcessingTime(watchSeconds * 1000);
        }
    }

    private final RunSpec spec;
    private final Path conf;
    private final Task task;
    private final Progress progress;
    private final StreamLayout layout;
    private StreamState state;

    StreamRun(RunSpec spec, Path conf, Task task, Progress progress) {
        this.spec = spec;
        this.conf = conf.toAbsolutePath();
        this.task = task;
        this.progress = progress;
        this.layout = new StreamLayout(new RunLayout(Path.of(spec.outputDir()).toAbsolutePath()));
    }

    /** Runs until everything is taken, or without end; returns what is committed then. */
    StreamState run(Supplier<SparkSession> session) throws Exception {
        StreamChecks.require(spec);
        List<SourceDataset> datasets = Datasets.named(spec.ingest(), conf);
        Arrivals arrivals = Arrivals.of(datasets);
        try (RunLock lock = RunLock.take(layout.run().root())) {
            open();
            SparkSession spark = session.get();
            if (state != null) {
                commit(spark).publish(state);
            }
            VoidFunction2<Dataset<Row>, Long> take = (rows, batch) -> take(spark, arrivals, rows, batch);
            arrivals.stream(spark)
                    .writeStream()
                    .option("checkpointLocation", layout.checkpoint().toString())
                    .trigger(task.trigger())
                    .foreachBatch(take)
                    .start()
                    .awaitTermination();
            return state;
        }
    }

    /** Refuses what is not this stream's to go on with. */
    private void open() {
        state = StreamState.read(layout.state()).orElse(null);
        boolean begun = Files.exists(layout.checkpoint());
        if (state != null && !begun) {
            throw refused("its checkpoint " + layout.checkpoint() + " is gone, which says what was taken");
        }
        if (!begun
                && Stream.of("ingest", "filter", "tokenize", "pack")
                        .anyMatch(name -> Files.exists(layout.run().stage(name)))) {
            throw refused("it holds the stages of a run that is no stream");
        }
        if (state != null) {
            List<String> differences = state.stages().stream()
                    .flatMap((Manifest stage) -> StageManifest.differences(stage, spec).stream())
                    .distinct()
                    .toList();
            if (!differences.isEmpty()) {
                throw refused("it was begun with other settings: " + String.join("; ", differences));
            }
        }
    }

    private UserError refused(String cause) {
        return new UserError("Cannot stream into " + layout.run().root(), cause, "Give another output_dir.");
    }

    private void take(SparkSession spark, Arrivals arrivals, Dataset<Row> rows, long batch) throws Exception {
        String query = spark.sparkContext().getLocalProperty(QUERY);
        StreamState before = state == null ? StreamState.beginning(query) : state;
        if (!before.query().equals(query) || batch > before.batch() + 1) {
            throw refused("its checkpoint is that of another stream: it begins batch " + batch + " of " + query
                    + ", but committed is " + before.batch() + " of " + before.query());
        }
        if (batch <= before.batch()) {
            return;
        }
        empty(layout.batch().root());
        TakenContent taken =
                spec.filter().filters().stream().anyMatch(rule -> rule.name().equals(ExactDuplicateFilter.REASON))
                        ? new TakenContent(spark, layout.taken())
                        : null;
        BatchRun.Result result = new BatchRun(
                        spark,
                        AbsolutePaths.of(
                                new HubModels(System.getenv(), progress, ModelFiles.withoutWeights()).of(spec)),
                        conf,
                        layout.batch(),
                        progress)
                .run(arrivals.arrived(rows, layout.batch().root()), before.rows(), taken, batch);
        if (taken != null) {
            progress.begin("remembering", 0);
            taken.remember(
                    StreamTables.of(layout.batch(), result.stages().get("filter"), "clean")
                            .orElseThrow(),
                    batch);
        }
        state = commit(spark).commit(before, batch, result);
        commit(spark).publish(state);
        empty(layout.batch().root());
        progress.end("batch " + batch + ": "
                + result.stages().get("tokenize").accounting().kept() + " samples");
    }

    private StreamCommit commit(SparkSession spark) {
        return new StreamCommit(spark, spec, layout, task.table(), progress);
    }

    private static void empty(Path folder) {
        try {
            if (Files.exists(folder)) {
                try (Stream<Path> all = Files.walk(folder)) {
                    for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
