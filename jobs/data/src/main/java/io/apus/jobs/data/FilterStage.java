package io.apus.jobs.data;

import io.apus.corpus.filter.FilterChain;
import io.apus.jobs.launch.ConfFolder;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.FilterRule;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.table.Tables;
import io.apus.spark.stage.Filter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
        chain(spec, ConfFolder.find(Optional.empty()));
        String rows = Committed.fact(layout, "ingest", "rows")
                .map(count -> Estimates.grouped(count) + " samples")
                .orElse("the samples");
        return List.of(
                "applies to " + rows + ", in order: "
                        + spec.filter().filters().stream()
                                .map(FilterRule::toString)
                                .collect(Collectors.joining(", ")),
                "writes the tables filter/clean and filter/rejects");
    }

    @Override
    public StageResult run(StageContext context) {
        Filter.Result result = Filter.run(
                Outputs.phases(context, name()),
                chain(context.spec(), context.conf()),
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
                facts(result));
    }

    private static Map<String, Object> facts(Filter.Result result) {
        Map<String, Object> facts =
                new TreeMap<>(Map.of("rows", result.accounting().kept(), "rows_by_split", result.keptBySplit()));
        if (!result.edits().isEmpty()) {
            facts.put("edits", result.edits());
        }
        return facts;
    }

    /** The filters with their files read, so that a missing one is found before anything runs. */
    private static FilterChain chain(RunSpec spec, Path conf) {
        return FilterChain.of(spec.filter()).load(new EvaluationFiles(conf));
    }
}
