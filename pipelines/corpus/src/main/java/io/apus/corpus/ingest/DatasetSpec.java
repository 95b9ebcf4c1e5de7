package io.apus.corpus.ingest;

import io.apus.schemas.UserError;
import java.io.Serializable;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dataset as the user asked for it: {@code [hf::|ms::]ID[:SUBSETS][/SPLIT][#N]}, or a file, folder, glob or table with {@code #N} and
 * {@code @vN} behind it. What exists as a file is taken literally, and only {@code #N} is split off.
 *
 * @param name the dataset as it was named, without {@code #N}: it stands in every sample's key
 * @param kind what {@code id} is
 * @param hub the hub it was asked from, or null where the user left that open
 * @param id path, glob, catalog name or {@code owner/name}
 * @param part subsets and splits
 * @param version version of a Delta table, or null for the newest
 * @param sample how many rows to take, or null for all
 */
public record DatasetSpec(String name, Kind kind, Hub hub, String id, RepositoryPart part, Long version, Long sample)
        implements Serializable {
    /** What an id is. */
    public enum Kind {
        /** A file, folder, glob or table on some file system. */
        PATH,
        /** A word that a catalog may know. */
        NAME,
        /** {@code owner/name}, which a catalog may know, or anything behind {@code hf::} or {@code ms::}. */
        REPOSITORY
    }

    private static final Pattern COUNTED = Pattern.compile("(.*)#(\\d+)", Pattern.DOTALL);
    private static final Pattern VERSIONED = Pattern.compile("(.*)@v(\\d{1,18})", Pattern.DOTALL);
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*", Pattern.DOTALL);
    private static final Pattern REPOSITORY =
            Pattern.compile("([A-Za-z0-9][\\w.-]*(?:/[A-Za-z0-9][\\w.-]*)?)(?:/([\\w+-]+))?(?::([\\w./+ -]+))?");
    private static final Pattern CATALOG_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
    private static final Pattern PATH = Pattern.compile(
            "(?s)[/.~\\\\].*|.*[*?\\[{\\\\].*|.*\\.(json|jsonl|csv|txt|parquet)", Pattern.CASE_INSENSITIVE);

    /**
     * Reads one entry of {@code dataset}.
     *
     * @param exists whether there is a file or folder of that name here
     */
    public static DatasetSpec parse(String text, Predicate<String> exists) {
        Matcher counted = COUNTED.matcher(text);
        String name = counted.matches() ? counted.group(1) : text;
        if (name.isBlank()) {
            throw new UserError(
                    "Cannot read the dataset \"" + text + "\"", "it names no file", "Write path#N or path.");
        }
        DatasetSpec all = uncounted(name, exists);
        return counted.matches() ? all.sampled(count(text, counted.group(2))) : all;
    }

    private static DatasetSpec uncounted(String name, Predicate<String> exists) {
        for (Hub hub : Hub.values()) {
            if (name.startsWith(hub.prefix())) {
                return repository(name, hub, name.substring(hub.prefix().length()));
            }
        }
        if (exists.test(name)) {
            return path(name, name, RepositoryPart.DEFAULT, null);
        }
        Matcher versioned = VERSIONED.matcher(name);
        if (versioned.matches() && (SCHEME.matcher(name).matches() || exists.test(versioned.group(1)))) {
            return path(name, versioned.group(1), RepositoryPart.DEFAULT, Long.valueOf(versioned.group(2)));
        }
        DatasetSpec folder = SCHEME.matcher(name).matches() ? null : partOfFolder(name, exists);
        if (folder != null) {
            return folder;
        }
        boolean isPath = SCHEME.matcher(name).matches() || PATH.matcher(name).matches();
        return isPath || !REPOSITORY.matcher(name).matches()
                ? path(name, name, RepositoryPart.DEFAULT, null)
                : repository(name, null, name);
    }

    private static DatasetSpec path(String name, String path, RepositoryPart part, Long version) {
        return new DatasetSpec(name, Kind.PATH, null, path, part, version, null);
    }

    /** {@code folder:subset}, {@code folder:subset/split} or {@code folder/split}; null where there is no such folder. */
    private static DatasetSpec partOfFolder(String name, Predicate<String> exists) {
        int colon = name.lastIndexOf(':');
        if (colon > 0 && exists.test(name.substring(0, colon))) {
            return path(name, name.substring(0, colon), RepositoryPart.parse(name.substring(colon + 1)), null);
        }
        int slash = name.lastIndexOf('/');
        boolean isSplit = slash > 0 && RepositoryPart.isSplit(name.substring(slash + 1));
        if (isSplit && exists.test(name.substring(0, slash))) {
            RepositoryPart part = new RepositoryPart(List.of(), RepositoryPart.splits(name.substring(slash + 1)));
            return path(name, name.substring(0, slash), part, null);
        }
        return null;
    }

    private static DatasetSpec repository(String name, Hub hub, String text) {
        int colon = text.indexOf(':');
        RepositoryPart part = colon < 0 ? RepositoryPart.DEFAULT : RepositoryPart.parse(text.substring(colon + 1));
        List<String> words = List.of((colon < 0 ? text : text.substring(0, colon)).split("/", -1));
        boolean wordAndSplit = words.size() == 2 && hub == null && RepositoryPart.isSplit(words.get(1));
        if (words.size() == 3 || wordAndSplit) {
            String split = words.get(words.size() - 1);
            part = new RepositoryPart(
                    part.subsets(), part.splits().isEmpty() ? RepositoryPart.splits(split) : part.splits());
            words = words.subList(0, words.size() - 1);
        }
        boolean sound = REPOSITORY.matcher(text).matches()
                && words.size() <= 2
                && part.subsets().stream().noneMatch(String::isBlank);
        if (!sound) {
            throw new UserError(
                    "Cannot read the dataset " + name,
                    "it is no id of a dataset",
                    "Write [hf::|ms::]owner/name[:subset/subset|:all][/split][#N].");
        }
        Kind kind = words.size() == 1 && hub == null ? Kind.NAME : Kind.REPOSITORY;
        return new DatasetSpec(name, kind, hub, String.join("/", words), part, null, null);
    }

    private DatasetSpec sampled(long count) {
        return new DatasetSpec(name, kind, hub, id, part, version, count);
    }

    private static long count(String text, String digits) {
        long count = digits.length() > 18 ? 0 : Long.parseLong(digits);
        if (count == 0) {
            throw new UserError(
                    "Cannot read the dataset " + text,
                    "#" + digits + " is no number of rows",
                    "Ask for at least 1 row, or leave it out for all.");
        }
        return count;
    }

    /** Whether the name can be that of a catalog file: no folder, no ending, no wildcard. */
    public boolean isCatalogName() {
        return kind == Kind.NAME && CATALOG_NAME.matcher(id).matches();
    }
}
