package io.apus.jobs.data;

import io.apus.corpus.ingest.DatasetSpec;
import io.apus.corpus.ingest.RowRules;
import io.apus.corpus.ingest.SelfNames;
import io.apus.jobs.data.catalog.DatasetCatalog;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.IngestSpec;
import io.apus.spark.source.SourceDataset;
import io.apus.spark.source.SourceFile;
import io.apus.spark.source.SourceFiles;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** The datasets of a run and their files. */
public final class Datasets {
    private final IngestSpec spec;
    private final DatasetCatalog catalog;
    private final Repositories repositories;

    private Datasets(IngestSpec spec, DatasetCatalog catalog, Repositories repositories) {
        this.spec = spec;
        this.catalog = catalog;
        this.repositories = repositories;
    }

    /**
     * The files of every dataset, training sets first, with the versions of Delta tables pinned. A name that exists as a file is one;
     * otherwise a word or an id is looked up in the catalog, an id that it does not know is one of a hub, and anything else is a path or glob.
     *
     * @param repositories brings the files of a hub here; what it leaves away has no files in the result
     * @throws UserError with everything that is wrong with any of them
     */
    static Map<SourceDataset, List<SourceFile>> find(
            IngestSpec spec, Path conf, Configuration hadoop, Repositories repositories) {
        Datasets datasets = new Datasets(spec, new DatasetCatalog(conf), repositories);
        Map<SourceDataset, List<SourceFile>> found = new LinkedHashMap<>();
        List<UserError> problems = new ArrayList<>();
        SourceFiles files = new SourceFiles(hadoop);
        List<String> names = new ArrayList<>(spec.dataset());
        names.addAll(spec.valDataset());
        for (int i = 0; i < names.size(); i++) {
            try {
                SourceDataset dataset =
                        datasets.dataset(names.get(i), i, i >= spec.dataset().size());
                List<SourceFile> own = dataset.patterns().isEmpty() ? List.of() : files.of(dataset);
                found.put(dataset.pinned(own), own);
            } catch (UserError problem) {
                problems.add(problem);
            }
        }
        report(problems);
        return found;
    }

    /** The datasets of a run as they are named, training sets first; no file is looked for. */
    public static List<SourceDataset> named(IngestSpec spec, Path conf) {
        Datasets datasets = new Datasets(spec, new DatasetCatalog(conf), Repositories.none());
        List<SourceDataset> named = new ArrayList<>();
        spec.dataset().forEach(name -> named.add(datasets.dataset(name, named.size(), false)));
        spec.valDataset().forEach(name -> named.add(datasets.dataset(name, named.size(), true)));
        return named;
    }

    private static void report(List<UserError> problems) {
        if (problems.size() == 1) {
            throw problems.get(0);
        }
        if (!problems.isEmpty()) {
            String all = problems.stream().map(Throwable::getMessage).reduce("", (one, other) -> one + "\n  " + other);
            throw new UserError("Cannot ingest", problems.size() + " datasets cannot be read:" + all, "");
        }
    }

    private SourceDataset dataset(String text, int index, boolean validation) {
        DatasetSpec named = DatasetSpec.parse(text, Datasets::exists);
        DatasetRows rows = rows(named);
        Map<String, String> columns = new TreeMap<>(rows.columns());
        columns.putAll(spec.columns());
        RowRules rules = new RowRules(
                columns,
                !spec.disableAutoColumnMapping(),
                new SelfNames(spec.modelName(), spec.modelAuthor()),
                rows.mapping());
        return new SourceDataset(
                named.name(), index, rows.patterns(), rows.part(), named.version(), rules, named.sample(), validation);
    }

    private DatasetRows rows(DatasetSpec named) {
        return switch (named.kind()) {
            case PATH -> DatasetRows.of(named);
            case NAME -> DatasetRows.of(catalog.entry(named.id()), named, repositories);
            case REPOSITORY ->
                catalog.ofHub(named.id())
                        .map(entry -> DatasetRows.of(entry, named, repositories))
                        .orElseGet(() -> DatasetRows.of(named, repositories));
        };
    }

    private static boolean exists(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
