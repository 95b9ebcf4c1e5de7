package io.apus.hub.select;

import io.apus.hub.repo.RepoFile;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The data files of one subset and one split of a dataset: as its README.md declares them, else by the names of folders and files.
 * A dataset without declared subsets has one; another name then means the files below the folder of that name.
 */
public final class DatasetFiles implements FileSelection {
    /** The word for every subset. */
    public static final String ALL = "all";

    private static final String DEFAULT = "default";
    private static final String CARD = "README.md";

    private final String subset;
    private final String split;

    private DatasetFiles(String subset, String split) {
        this.subset = subset;
        this.split = split;
    }

    /**
     * The files of one subset and split.
     *
     * @param subset its name; empty for the default one (the card's default, else "default", else the first), "all" for every one
     * @param split e.g. "train", "validation", "test" or a name of the card; empty for all of them
     */
    public static DatasetFiles of(String subset, String split) {
        return new DatasetFiles(subset, split);
    }

    @Override
    public List<RepoFile> choose(RepoFiles repo) {
        List<DataConfig> configs = repo.text(CARD).map(DatasetCard::configs).orElse(List.of());
        List<RepoFile> chosen = configs.isEmpty() ? undeclared(repo) : declared(repo, configs);
        if (chosen.isEmpty()) {
            throw refused(
                    repo,
                    "it has no json, jsonl, csv, tsv, parquet or txt file there",
                    "Look at its files on the hub.");
        }
        return chosen;
    }

    private List<RepoFile> declared(RepoFiles repo, List<DataConfig> configs) {
        Set<RepoFile> chosen = new LinkedHashSet<>();
        Set<String> known = new LinkedHashSet<>();
        for (DataConfig config : wanted(repo, configs)) {
            Map<String, List<RepoFile>> splits = config.splits().isEmpty()
                    ? bySplitNames(DataFiles.ofOneFormat(below(repo, config.folder())))
                    : byPatterns(repo, config);
            known.addAll(splits.keySet());
            chosen.addAll(ofSplit(splits));
        }
        checkSplit(repo, chosen, known);
        return List.copyOf(chosen);
    }

    private List<DataConfig> wanted(RepoFiles repo, List<DataConfig> configs) {
        if (subset.equals(ALL)) {
            return configs;
        }
        if (subset.isEmpty()) {
            return List.of(configs.stream()
                    .filter(DataConfig::preferred)
                    .findFirst()
                    .or(() -> configs.stream()
                            .filter(config -> config.name().equals(DEFAULT))
                            .findFirst())
                    .orElse(configs.get(0)));
        }
        List<DataConfig> named =
                configs.stream().filter(c -> c.name().equals(subset)).toList();
        if (named.isEmpty()) {
            throw unknown(
                    repo,
                    "subset",
                    subset,
                    configs.stream().map(DataConfig::name).toList());
        }
        return named;
    }

    private static Map<String, List<RepoFile>> byPatterns(RepoFiles repo, DataConfig config) {
        Map<String, List<RepoFile>> splits = new LinkedHashMap<>();
        String folder = config.folder().isEmpty() ? "" : config.folder() + "/";
        config.splits().forEach((name, patterns) -> {
            List<Glob> globs = patterns.stream()
                    .map(pattern -> Glob.path(folder + pattern))
                    .toList();
            splits.put(
                    name,
                    repo.files().stream()
                            .filter(file -> globs.stream().anyMatch(glob -> glob.matches(file.path())))
                            .filter(file -> DataFiles.isData(file))
                            .toList());
        });
        return splits;
    }

    private List<RepoFile> undeclared(RepoFiles repo) {
        boolean whole = subset.isEmpty() || subset.equals(ALL) || subset.equals(DEFAULT);
        List<RepoFile> files = below(repo, "");
        if (!whole) {
            files = ofFolder(repo, files);
        }
        Map<String, List<RepoFile>> splits = bySplitNames(DataFiles.ofOneFormat(files));
        List<RepoFile> chosen = ofSplit(splits);
        checkSplit(repo, chosen, splits.keySet());
        return chosen;
    }

    private List<RepoFile> ofFolder(RepoFiles repo, List<RepoFile> files) {
        List<RepoFile> found = files.stream()
                .filter(file -> ("/" + file.path()).contains("/" + subset + "/")
                        || file.name().matches("\\Q" + subset.replace("\\E", "") + "\\E[._-].*"))
                .toList();
        if (found.isEmpty()) {
            Set<String> folders = new LinkedHashSet<>();
            files.stream()
                    .filter(file -> file.path().contains("/"))
                    .forEach(file ->
                            folders.add(file.path().substring(0, file.path().indexOf('/'))));
            throw unknown(repo, "subset", subset, folders.isEmpty() ? List.of(DEFAULT) : folders);
        }
        return found;
    }

    private static List<RepoFile> below(RepoFiles repo, String folder) {
        return repo.files().stream()
                .filter(DataFiles::isData)
                .filter(file -> folder.isEmpty() || file.path().startsWith(folder + "/"))
                .toList();
    }

    private static Map<String, List<RepoFile>> bySplitNames(List<RepoFile> files) {
        Map<String, RepoFile> byPath = new LinkedHashMap<>();
        files.forEach(file -> byPath.put(file.path(), file));
        Map<String, List<RepoFile>> splits = new LinkedHashMap<>();
        SplitNames.group(List.copyOf(byPath.keySet()))
                .forEach((name, paths) ->
                        splits.put(name, paths.stream().map(byPath::get).toList()));
        return splits;
    }

    private List<RepoFile> ofSplit(Map<String, List<RepoFile>> splits) {
        if (!split.isEmpty()) {
            return splits.getOrDefault(split, splits.getOrDefault(SplitNames.canonical(split), List.of()));
        }
        Set<RepoFile> all = new LinkedHashSet<>();
        splits.values().forEach(all::addAll);
        return new ArrayList<>(all);
    }

    private void checkSplit(RepoFiles repo, Collection<RepoFile> chosen, Collection<String> known) {
        if (chosen.isEmpty()
                && !split.isEmpty()
                && !known.contains(SplitNames.canonical(split))
                && !known.contains(split)) {
            throw unknown(repo, "split", split, known);
        }
    }

    private UserError unknown(RepoFiles repo, String noun, String asked, Collection<String> known) {
        return refused(
                repo,
                "it has no " + noun + " \"" + asked + "\"",
                "Did you mean \"" + Registry.nearest(asked, known) + "\"? Known: "
                        + String.join(", ", known.stream().limit(50).toList()) + ".");
    }

    private static UserError refused(RepoFiles repo, String cause, String cure) {
        return new UserError("Cannot use the " + repo.repo(), cause, cure);
    }
}
