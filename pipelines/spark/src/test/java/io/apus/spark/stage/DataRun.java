package io.apus.spark.stage;

import io.apus.corpus.filter.FilterChain;
import io.apus.corpus.filter.rule.FilterSources;
import io.apus.corpus.ingest.RowRules;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.spec.FilterRule;
import io.apus.schemas.spec.FilterSpec;
import io.apus.spark.LocalSpark;
import io.apus.spark.source.SourceDataset;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.RejectRows;
import io.apus.spark.table.SampleRows;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Runs data stages in a folder, for tests. */
final class DataRun {
    private final Path folder;

    DataRun(Path folder) {
        this.folder = folder;
    }

    static SourceDataset dataset(int index, Path path) {
        return SourceDataset.of(
                path.getFileName().toString(), index, List.of(path.toString()), RowRules.renaming(Map.of()));
    }

    static SourceDataset sampled(int index, Path path, long sample) {
        return dataset(index, path).sampled(sample);
    }

    Ingest.Result ingest(SourceDataset... datasets) {
        return ingest(Ingest.Task.of(List.of(datasets), 42, 1 << 20));
    }

    Ingest.Result ingest(Ingest.Task task) {
        return Ingest.run(LocalSpark.phases("ingest"), task, folder.resolve("ingest"));
    }

    Filter.Result filter(PublishedTable samples, String... filters) {
        List<FilterRule> rules = Arrays.stream(filters).map(FilterRule::named).toList();
        return filter(samples, rules);
    }

    Filter.Result filter(PublishedTable samples, List<FilterRule> rules) {
        FilterChain chain =
                FilterChain.of(new FilterSpec(rules.isEmpty() ? null : rules)).load(FilterSources.FILES);
        return Filter.run(LocalSpark.phases("filter"), chain, samples, folder.resolve("filter"));
    }

    static List<Sample> samples(PublishedTable table) {
        return table.read(LocalSpark.session()).collectAsList().stream()
                .map(SampleRows::decode)
                .sorted(Comparator.comparing(Sample::key))
                .toList();
    }

    static List<Reject> rejects(Written written) {
        return written.rejects().read(LocalSpark.session()).collectAsList().stream()
                .map(RejectRows::decode)
                .sorted(Comparator.comparing(Reject::key))
                .toList();
    }
}
