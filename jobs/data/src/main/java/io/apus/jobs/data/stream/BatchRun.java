package io.apus.jobs.data.stream;

import io.apus.corpus.filter.duplicate.ExactDuplicateFilter;
import io.apus.jobs.data.FilterStage;
import io.apus.jobs.data.IngestStage;
import io.apus.jobs.data.Outputs;
import io.apus.jobs.data.PackStage;
import io.apus.jobs.data.TokenizeStage;
import io.apus.jobs.launch.Progress;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageManifest;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.table.TableLayout;
import io.apus.schemas.table.Tables;
import io.apus.spark.source.SourceDataset;
import io.apus.spark.source.SourceFile;
import io.apus.spark.source.SourceFiles;
import io.apus.spark.stream.RowNumbers;
import io.apus.spark.stream.TakenContent;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TableWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One batch as a small run of its own, in a folder that is nobody else's: the stages are those of every run. Between them the rows get the
 * numbers that they have in the stream, and what batches before have taken is refused.
 */
final class BatchRun {
    private final SparkSession spark;
    private final RunSpec spec;
    private final Path conf;
    private final RunLayout layout;
    private final Progress progress;
    private final Map<String, Manifest> done = new LinkedHashMap<>();

    /** @param layout where the batch is worked on; empty */
    BatchRun(SparkSession spark, RunSpec spec, Path conf, RunLayout layout, Progress progress) {
        this.spark = spark;
        this.spec = spec;
        this.conf = conf;
        this.layout = layout;
        this.progress = progress;
    }

    /**
     * What became of a batch.
     *
     * @param rows rows taken with this batch, by dataset index
     * @param stages manifests of the stages, by name; tables lie below the batch's folder
     */
    record Result(Map<Integer, Long> rows, Map<String, Manifest> stages) {}

    /** Runs the batch; {@code taken} is null where duplicates of earlier batches are let through. */
    Result run(List<SourceDataset> arrived, Map<Integer, Long> rowsBefore, TakenContent taken, long batch)
            throws Exception {
        Map<Integer, Long> rows = ingest(arrived, rowsBefore);
        run(new FilterStage());
        if (taken != null && batch > 0) {
            sift(taken, batch);
        }
        run(new TokenizeStage());
        run(new PackStage());
        return new Result(rows, done);
    }

    private Map<Integer, Long> ingest(List<SourceDataset> arrived, Map<Integer, Long> rowsBefore) {
        SourceFiles files = new SourceFiles(spark.sparkContext().hadoopConfiguration());
        Map<SourceDataset, List<SourceFile>> datasets = new LinkedHashMap<>();
        arrived.forEach(dataset -> datasets.put(dataset, files.of(dataset)));
        IngestStage stage = new IngestStage();
        Instant start = Instant.now();
        StageResult result = stage.ingest(context(), datasets);
        done(stage, result, start);
        Map<Integer, Long> rows =
                RowNumbers.with(rowsBefore, read("ingest", Tables.SAMPLES), read("ingest", Tables.REJECTS));
        if (!rowsBefore.isEmpty()) {
            done(stage, numbered(result, rowsBefore), start);
        }
        return rows;
    }

    private StageResult numbered(StageResult result, Map<Integer, Long> rowsBefore) {
        List<Manifest.Output> outputs = new ArrayList<>();
        for (Manifest.Output output : result.outputs()) {
            TableLayout table = output.name().equals(Tables.REJECTS.name()) ? Tables.REJECTS : Tables.SAMPLES;
            PublishedTable numbered = output.rows() == 0
                    ? StreamTables.of(layout, done.get("ingest"), output.name()).orElseThrow()
                    : TableWriter.write(
                            layout.stage("numbered").resolve(output.name()),
                            table,
                            RowNumbers.after(rowsBefore, read("ingest", table)));
            outputs.add(Outputs.table(layout, output.name(), output.rows(), numbered));
        }
        return new StageResult(outputs, result.accounting(), result.facts());
    }

    /** Moves what was taken before from the kept rows of the filter to its refused ones. */
    private void sift(TakenContent taken, long batch) {
        progress.begin("looking for what was taken before", 0);
        Manifest filter = done.get("filter");
        TakenContent.Sifted sifted = taken.sift(
                table("filter", Tables.CLEAN), table("filter", Tables.REJECTS), batch, layout.stage("sifted"));
        long kept = filter.accounting().in() - sifted.refused();
        Map<String, Long> refused = new TreeMap<>(filter.accounting().refused());
        if (kept < filter.accounting().kept()) {
            refused.merge(ExactDuplicateFilter.REASON, filter.accounting().kept() - kept, Long::sum);
        }
        StageResult result = new StageResult(
                List.of(
                        Outputs.table(layout, Tables.CLEAN.name(), kept, sifted.clean()),
                        Outputs.table(layout, Tables.REJECTS.name(), sifted.refused(), sifted.rejects())),
                new Accounting(filter.accounting().in(), kept, refused),
                Map.of("rows", kept));
        done(new FilterStage(), result, Instant.parse(filter.startedAt()));
    }

    private void run(Stage stage) throws Exception {
        Instant start = Instant.now();
        done(stage, stage.run(context()), start);
    }

    private void done(Stage stage, StageResult result, Instant start) {
        done.put(stage.name(), StageManifest.of(spec, stage, inputs(stage), result, start));
    }

    private Map<String, Manifest> inputs(Stage stage) {
        Map<String, Manifest> inputs = new LinkedHashMap<>(done);
        inputs.keySet().retainAll(stage.inputs());
        return inputs;
    }

    private StageContext context() {
        return new StageContext(spark, spec, layout, Map.copyOf(done), conf, progress);
    }

    private PublishedTable table(String stage, TableLayout table) {
        return StreamTables.of(layout, done.get(stage), table.name()).orElseThrow();
    }

    private Dataset<Row> read(String stage, TableLayout table) {
        return table(stage, table).read(spark);
    }
}
