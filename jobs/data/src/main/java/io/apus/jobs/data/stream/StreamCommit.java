package io.apus.jobs.data.stream;

import io.apus.jobs.data.FilterStage;
import io.apus.jobs.data.IngestStage;
import io.apus.jobs.data.Outputs;
import io.apus.jobs.data.PackStage;
import io.apus.jobs.data.TokenizeStage;
import io.apus.jobs.launch.Progress;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageManifest;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.table.TableLayout;
import io.apus.schemas.table.Tables;
import io.apus.shards.ManifestFile;
import io.apus.shards.ShardFolder;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.SharedTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Adds a finished batch to what the stream publishes. Each step does nothing when it is done again: shards are named by their batch, and
 * Delta remembers the last batch of a writer. The batch counts from the moment in which the stream's state is replaced, which is last.
 */
final class StreamCommit {
    private static final List<String> SPLITS = List.of(Splits.TRAIN, Splits.VALIDATION);

    private final SparkSession spark;
    private final RunSpec spec;
    private final StreamLayout layout;
    private final Path table;
    private final Progress progress;

    /** @param table a further Delta table that receives the samples, or null */
    StreamCommit(SparkSession spark, RunSpec spec, StreamLayout layout, Path table, Progress progress) {
        this.spark = spark;
        this.spec = spec;
        this.layout = layout;
        this.table = table;
        this.progress = progress;
    }

    /** Publishes {@code batch} behind {@code before}; {@link #publish} has still to follow. */
    StreamState commit(StreamState before, long batch, BatchRun.Result result) {
        progress.begin("moving shards", 0);
        Map<String, ShardManifest> shards = shards(before, batch);
        Map<String, Manifest> stages = new LinkedHashMap<>();
        for (Stage stage : List.of(new IngestStage(), new FilterStage(), new TokenizeStage(), new PackStage())) {
            progress.begin("appending " + stage.name(), 0);
            Manifest now = result.stages().get(stage.name());
            List<Manifest.Output> outputs = tables(before, batch, now);
            if (stage instanceof PackStage) {
                shards.values().forEach(split -> outputs.add(Outputs.shards(layout.run(), split)));
            }
            stages.put(stage.name(), manifest(stage, stages, sum(before, stage, now, outputs, shards), now));
        }
        progress.begin("committing", 0);
        StreamState after = new StreamState(before.query(), batch, result.rows(), List.copyOf(stages.values()), shards);
        after.write(layout.state());
        return after;
    }

    /** Writes the manifests of a committed state where a run has them. */
    void publish(StreamState state) {
        progress.begin("publishing", 0);
        state.stages().forEach(manifest -> ManifestFile.write(layout.run().manifest(manifest.stage()), manifest));
    }

    private Map<String, ShardManifest> shards(StreamState before, long batch) {
        Map<String, ShardManifest> shards = new TreeMap<>();
        for (String split : SPLITS) {
            ShardManifest manifest = ShardFolder.append(
                    before.shards().get(split),
                    layout.batch().shards(split),
                    layout.run().shards(split),
                    StreamLayout.shardPrefix(batch));
            ManifestFile.write(layout.run().shards(split).resolve(RunLayout.MANIFEST), manifest);
            shards.put(split, manifest);
        }
        return shards;
    }

    /** Appends a stage's tables to those of the run; samples and tokens before the filter are not kept. */
    private List<Manifest.Output> tables(StreamState before, long batch, Manifest now) {
        List<Manifest.Output> outputs = new ArrayList<>();
        for (TableLayout kept : List.of(Tables.CLEAN, Tables.REJECTS, Tables.PLACEMENT)) {
            Optional<Manifest.Output> found = StreamTables.output(now, kept.name());
            if (found.isPresent()) {
                outputs.add(append(before, batch, now, kept, found.get().rows()));
            }
        }
        return outputs;
    }

    /** A batch without a row for a table leaves it as it is, unless it is new. */
    private Manifest.Output append(StreamState before, long batch, Manifest now, TableLayout kept, long rows) {
        Optional<Manifest.Output> earlier =
                before.stage(now.stage()).flatMap(stage -> StreamTables.output(stage, kept.name()));
        if (rows == 0 && earlier.isPresent()) {
            return earlier.get();
        }
        Dataset<Row> read =
                StreamTables.of(layout.batch(), now, kept.name()).orElseThrow().read(spark);
        Dataset<Row> own = kept.equals(Tables.PLACEMENT) ? placed(before, batch, read) : read;
        PublishedTable appended = new SharedTable(spark, layout.run().table(now.stage(), kept.name()), kept)
                .append(own, writer(before), batch);
        if (kept.equals(Tables.CLEAN) && table != null) {
            new SharedTable(spark, table, kept).append(own, writer(before), batch);
        }
        return Outputs.table(
                layout.run(),
                kept.name(),
                rows + earlier.map(Manifest.Output::rows).orElse(0L),
                appended);
    }

    private static String writer(StreamState state) {
        return "apus-stream-" + state.query();
    }

    /** The batch's packed rows lie behind those of the batches before. */
    private static Dataset<Row> placed(StreamState before, long batch, Dataset<Row> rows) {
        Column first = functions.lit(0L);
        for (String split : SPLITS) {
            ShardManifest shards = before.shards().get(split);
            first = functions
                    .when(functions.col("split").equalTo(split), shards == null ? 0 : shards.rows())
                    .otherwise(first);
        }
        return rows.withColumn("packed_row", functions.col("packed_row").plus(first))
                .withColumn(
                        "shard",
                        functions.concat(functions.lit(StreamLayout.shardPrefix(batch)), functions.col("shard")));
    }

    private static StageResult sum(
            StreamState before,
            Stage stage,
            Manifest now,
            List<Manifest.Output> outputs,
            Map<String, ShardManifest> shards) {
        Optional<Manifest> earlier = before.stage(stage.name());
        Map<String, Object> facts = stage instanceof PackStage
                ? PackStage.facts(shards, ((Number) now.facts().get("max_length")).intValue())
                : earlier.map(manifest -> Sums.of(manifest.facts(), now.facts()))
                        .orElse(now.facts());
        return new StageResult(
                outputs,
                earlier.map(manifest -> Sums.of(manifest.accounting(), now.accounting()))
                        .orElse(now.accounting()),
                facts);
    }

    private Manifest manifest(Stage stage, Map<String, Manifest> stages, StageResult result, Manifest now) {
        Map<String, Manifest> inputs = new LinkedHashMap<>(stages);
        inputs.keySet().retainAll(stage.inputs());
        return StageManifest.of(spec, stage, inputs, result, Instant.parse(now.startedAt()));
    }
}
