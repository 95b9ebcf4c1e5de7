package io.apus.jobs.data;

import io.apus.corpus.ingest.DatasetSpec;
import io.apus.corpus.ingest.Hub;
import io.apus.corpus.ingest.RepositoryPart;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.DatasetEntry;
import io.apus.schemas.catalog.DatasetSubset;
import io.apus.schemas.catalog.MappingStep;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the rows of one dataset are, and what a catalog does to them.
 *
 * @param patterns files, folders, globs or tables; empty where a plan leaves out what lies on a hub
 * @param part which part of a folder is read
 * @param columns renames of columns
 * @param mapping steps before the columns are understood
 */
record DatasetRows(List<String> patterns, RepositoryPart part, Map<String, String> columns, List<MappingStep> mapping) {
    private static final String TRAIN = "train";
    private static final String DEFAULT = "default";

    /** A path as the user gave it. */
    static DatasetRows of(DatasetSpec named) {
        return new DatasetRows(List.of(named.id()), named.part(), Map.of(), List.of());
    }

    /** A repository that no catalog knows: the default subset and the split train where nothing else is asked for, as in ms-swift. */
    static DatasetRows of(DatasetSpec named, Repositories repositories) {
        List<String> subsets =
                named.part().subsets().isEmpty() ? List.of("") : named.part().subsets();
        String hub = asked(named) == null ? repositories.usualHub() : asked(named);
        Set<String> files = new LinkedHashSet<>();
        for (String subset : subsets) {
            for (String split : splits(named, List.of(TRAIN))) {
                files.addAll(repositories.files(new Repositories.Wanted(hub, named.id(), null, subset, split)));
            }
        }
        return new DatasetRows(List.copyOf(files), RepositoryPart.DEFAULT, Map.of(), List.of());
    }

    /** A dataset of the catalog: its own files, or else those on its hub. */
    static DatasetRows of(DatasetEntry entry, DatasetSpec named, Repositories repositories) {
        if (!entry.path().isEmpty()) {
            return new DatasetRows(entry.path(), named.part(), Map.of(), entry.steps());
        }
        List<DatasetSubset> subsets = entry.select(named.part().subsets());
        List<MappingStep> steps = entry.steps(subsets.get(0));
        String hub = hub(entry, named, repositories.usualHub());
        String id = hub.equals("hf") ? entry.hf() : entry.ms();
        Set<String> files = new LinkedHashSet<>();
        for (DatasetSubset subset : subsets) {
            if (!entry.steps(subset).equals(steps)) {
                throw new UserError(
                        "Cannot read the dataset " + named.name(),
                        "its subsets " + subsets.get(0).name() + " and " + subset.name() + " need different mappings",
                        "Name them as datasets of their own, as in " + entry.id() + ":" + subset.name() + ".");
            }
            String onHub = subset.hub().equals(DEFAULT) ? "" : subset.hub();
            for (String split : splits(named, subset.splits())) {
                files.addAll(repositories.files(new Repositories.Wanted(hub, id, revision(entry, hub), onHub, split)));
            }
        }
        return new DatasetRows(List.copyOf(files), RepositoryPart.DEFAULT, Map.of(), steps);
    }

    private static List<String> splits(DatasetSpec named, List<String> otherwise) {
        return named.part().splits().isEmpty() ? otherwise : named.part().splits();
    }

    /** The hub that the user named, or null. */
    private static String asked(DatasetSpec named) {
        return named.hub() == null ? null : named.hub() == Hub.HUGGING_FACE ? "hf" : "ms";
    }

    /** The hub that was asked for, or the only one that has it, or the usual one. */
    private static String hub(DatasetEntry entry, DatasetSpec named, String usual) {
        String asked = asked(named);
        if (("hf".equals(asked) && entry.hf() == null) || ("ms".equals(asked) && entry.ms() == null)) {
            throw new UserError(
                    "Cannot read the dataset " + named.name(),
                    "the catalog knows no such dataset on that hub",
                    "Write " + (entry.hf() == null ? "ms::" + entry.ms() : "hf::" + entry.hf()) + ".");
        }
        if (asked != null) {
            return asked;
        }
        return entry.hf() == null ? "ms" : entry.ms() == null ? "hf" : usual;
    }

    private static String revision(DatasetEntry entry, String hub) {
        return "hf".equals(hub) ? null : entry.revision();
    }
}
