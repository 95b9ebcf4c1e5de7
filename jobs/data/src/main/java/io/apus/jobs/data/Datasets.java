package io.apus.jobs.data;

import io.apus.corpus.ingest.DatasetSpec;
import io.apus.jobs.data.catalog.DatasetCatalog;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.DatasetEntry;
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

    private Datasets(IngestSpec spec, DatasetCatalog catalog) {
        this.spec = spec;
        this.catalog = catalog;
    }

    /**
     * The files of every dataset, training sets first. A name that exists as a file is one; otherwise a plain word is looked up in the
     * catalog and anything else is a path or glob.
     *
     * @throws UserError with everything that is wrong with any of them
     */
    static Map<SourceDataset, List<SourceFile>> find(IngestSpec spec, Path conf, Configuration hadoop) {
        Datasets datasets = new Datasets(spec, new DatasetCatalog(conf));
        Map<SourceDataset, List<SourceFile>> found = new LinkedHashMap<>();
        List<UserError> problems = new ArrayList<>();
        SourceFiles files = new SourceFiles(hadoop);
        List<String> names = new ArrayList<>(spec.dataset());
        names.addAll(spec.valDataset());
        for (int i = 0; i < names.size(); i++) {
            try {
                SourceDataset dataset =
                        datasets.dataset(names.get(i), i, i >= spec.dataset().size());
                found.put(dataset, files.of(dataset));
            } catch (UserError problem) {
                problems.add(problem);
            }
        }
        report(problems);
        return found;
    }

    /** The datasets of a run as they are named, training sets first; no file is looked for. */
    public static List<SourceDataset> named(IngestSpec spec, Path conf) {
        Datasets datasets = new Datasets(spec, new DatasetCatalog(conf));
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
        DatasetSpec named = DatasetSpec.parse(text);
        List<String> patterns = List.of(named.name());
        Map<String, String> columns = new TreeMap<>();
        if (named.isCatalogName() && !exists(named.name())) {
            DatasetEntry entry = catalog.entry(named.name());
            patterns = entry.path();
            columns.putAll(entry.columns());
        }
        columns.putAll(spec.columns());
        return new SourceDataset(named.name(), index, patterns, columns, named.sample(), validation);
    }

    private static boolean exists(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
