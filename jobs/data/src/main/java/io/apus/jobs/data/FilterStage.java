package io.apus.jobs.data;

import io.apus.corpus.filter.FilterChain;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.table.Tables;
import io.apus.spark.stage.Filter;
import java.util.List;
import java.util.Map;

/** Samples to clean samples. */
public final class FilterStage implements Stage {
    @Override
    public String name() {
        return "filter";
    }

    @Override
    public List<String> inputs() {
        return List.of("ingest");
    }

    @Override
    public List<String> sections() {
        return List.of("filter");
    }

    @Override
    public List<String> plan(RunSpec spec, RunLayout layout) {
        FilterChain.of(spec.filter());
        String rows = Committed.fact(layout, "ingest", "rows")
                .map(count -> Estimates.grouped(count) + " samples")
                .orElse("the samples");
        return List.of(
                "applies to " + rows + ", in order: "
                        + String.join(", ", spec.filter().filters()),
                "writes the tables filter/clean and filter/rejects");
    }

    @Override
    public StageResult run(StageContext context) {
        Filter.Result result = Filter.run(
                Outputs.phases(context, name()),
                context.spec().filter(),
                Committed.table(context, "ingest", Tables.SAMPLES.name()),
                context.layout().stage(name()));
        context.progress().end(Estimates.outcome("samples", result.accounting()));
        return new StageResult(
                Outputs.tables(
                        context.layout(),
                        Tables.CLEAN.name(),
                        result.accounting().kept(),
                        result.written()),
                result.accounting(),
                Map.of("rows", result.accounting().kept(), "rows_by_split", result.keptBySplit()));
    }
}
