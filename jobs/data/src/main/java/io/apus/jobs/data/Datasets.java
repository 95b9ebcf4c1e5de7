package io.apus.jobs.data;

import io.apus.corpus.ingest.DatasetSpec;
import io.apus.corpus.ingest.RowRules;
import io.apus.corpus.ingest.SelfNames;
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
final class Datasets {
    private final IngestSpec spec;
    private final DatasetCatalog catalog;

    private Datasets(IngestSpec spec, DatasetCatalog catalog) {
        this.spec = spec;
        this.catalog = catalog;
    }

    /**
     * The files of every dataset, training sets first, with the versions of Delta tables pinned. A name that exists as a file is one;
     * otherwise a plain word is looked up in the catalog and anything else is a path or glob.
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
                List<SourceFile> own = files.of(dataset);
                found.put(dataset.pinned(own), own);
            } catch (UserError problem) {
                problems.add(problem);
            }
        }
        report(problems);
        return found;
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
        List<String> patterns = List.of(named.id());
        Map<String, String> columns = new TreeMap<>();
        if (named.kind() == DatasetSpec.Kind.REPOSITORY) {
            throw notHere(named);
        }
        if (named.kind() == DatasetSpec.Kind.NAME) {
            DatasetEntry entry = catalog.entry(named.id());
            patterns = entry.path();
            columns.putAll(entry.columns());
        }
        columns.putAll(spec.columns());
        RowRules rules = new RowRules(
                columns, !spec.disableAutoColumnMapping(), new SelfNames(spec.modelName(), spec.modelAuthor()));
        return new SourceDataset(
                named.name(), index, patterns, named.part(), named.version(), rules, named.sample(), validation);
    }

    private static UserError notHere(DatasetSpec named) {
        return new UserError(
                "Cannot read the dataset " + named.name(),
                "there is no file or folder of that name here, and data is read from files only",
                "Download " + named.id() + " and give the path of its folder.");
    }

    private static boolean exists(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
