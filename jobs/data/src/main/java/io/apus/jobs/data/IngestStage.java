package io.apus.jobs.data;

import io.apus.jobs.launch.ConfFolder;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.IngestSpec;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.table.Tables;
import io.apus.spark.source.SourceDataset;
import io.apus.spark.source.SourceFile;
import io.apus.spark.source.SourceReader;
import io.apus.spark.stage.Ingest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Files to samples. */
public final class IngestStage implements Stage {
    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public List<String> inputs() {
        return List.of();
    }

    @Override
    public List<String> sections() {
        return List.of("ingest");
    }

    @Override
    public List<String> plan(RunSpec spec, RunLayout layout) {
        Map<SourceDataset, List<SourceFile>> datasets = Datasets.find(
                spec.ingest(), ConfFolder.find(Optional.empty()), new Configuration(), Repositories.none());
        List<String> lines = new ArrayList<>();
        long total = 0;
        for (Map.Entry<SourceDataset, List<SourceFile>> dataset : datasets.entrySet()) {
            long bytes =
                    dataset.getValue().stream().mapToLong(SourceFile::bytes).sum();
            total += bytes;
            lines.add(Estimates.dataset(dataset.getKey(), dataset.getValue(), bytes));
        }
        lines.add(Committed.fact(layout, name(), "rows")
                .map(rows -> "samples: " + Estimates.grouped(rows) + " (committed)")
                .orElse("about " + Estimates.grouped(Estimates.tokens(total)) + " tokens in all files"));
        lines.add("writes the tables ingest/samples and ingest/rejects");
        return lines;
    }

    @Override
    public StageResult run(StageContext context) {
        Map<SourceDataset, List<SourceFile>> datasets = Datasets.find(
                context.spec().ingest(),
                context.conf(),
                context.spark().sparkContext().hadoopConfiguration(),
                new HubRepositories(System.getenv(), context.progress()));
        StageResult result = ingest(context, datasets);
        requireRows(context, result);
        return result;
    }

    /** Ingests the given datasets, which need not have a row. */
    public StageResult ingest(StageContext context, Map<SourceDataset, List<SourceFile>> datasets) {
        IngestSpec spec = context.spec().ingest();
        Ingest.Task task = new Ingest.Task(
                List.copyOf(datasets.keySet()),
                spec.dataSeed(),
                new Ingest.Order(spec.datasetShuffle(), spec.valDatasetShuffle()),
                spec.valDataset().isEmpty() ? spec.splitDatasetRatio() : 0,
                new Ingest.Mix(spec.interleaveProb(), spec.mixesAll()),
                spec.strict(),
                SourceReader.SLICE_BYTES);
        Ingest.Result result = Ingest.run(
                Outputs.phases(context, name()), task, context.layout().stage(name()));
        context.progress().end(Estimates.outcome("samples", result.accounting()));
        return new StageResult(
                Outputs.tables(
                        context.layout(),
                        Tables.SAMPLES.name(),
                        result.accounting().kept(),
                        result.written()),
                result.accounting(),
                Map.of(
                        "rows",
                        result.accounting().kept(),
                        "rows_by_dataset",
                        result.keptByDataset(),
                        "rows_by_split",
                        result.keptBySplit(),
                        "repeated_rows",
                        result.repeated(),
                        "sources",
                        sources(datasets)));
    }

    /** What was read, as the manifest lists it: a later look can tell whether it has changed since. */
    private static List<String> sources(Map<SourceDataset, List<SourceFile>> datasets) {
        List<String> lines = new ArrayList<>();
        datasets.forEach((dataset, files) -> lines.add(Estimates.source(dataset, files)));
        return lines;
    }

    private static void requireRows(StageContext context, StageResult result) {
        Map<?, ?> rows = (Map<?, ?>) result.facts().get("rows_by_split");
        if (!rows.containsKey(Splits.TRAIN)) {
            throw new UserError(
                    "Cannot ingest",
                    "no row is left to train on: of " + result.accounting().in() + " rows read, refused were "
                            + result.accounting().refused() + ", held out were "
                            + (rows.containsKey(Splits.VALIDATION) ? rows.get(Splits.VALIDATION) : 0),
                    "The rows and the reasons are in the table "
                            + context.layout().table("ingest", Tables.REJECTS.name()) + ".");
        }
    }
}
