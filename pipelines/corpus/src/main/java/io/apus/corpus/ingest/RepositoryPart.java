package io.apus.corpus.ingest;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which part of a dataset's repository is read.
 *
 * @param subsets names of subsets; empty for the default one, {@code all} for all of them
 * @param splits names of splits; empty for the default, {@code train}
 */
public record RepositoryPart(List<String> subsets, List<String> splits) implements Serializable {
    public static final RepositoryPart DEFAULT = new RepositoryPart(List.of(), List.of());
    private static final Pattern SPLITS = Pattern.compile(
            "(train|training|validation|valid|val|dev|test|testing|eval|evaluation)([_-][A-Za-z0-9_-]+)?");

    public RepositoryPart {
        subsets = List.copyOf(subsets);
        splits = List.copyOf(splits);
    }

    /** Whether a word is surely the name of a split, or of several joined by a plus. */
    static boolean isSplit(String word) {
        return !word.isEmpty()
                && List.of(word.split("\\+", -1)).stream()
                        .allMatch(one -> SPLITS.matcher(one).matches());
    }

    /**
     * Reads what stands behind the colon: subsets, with a split behind them where the last word is surely one.
     *
     * @param text e.g. {@code en/zh}, {@code all} or {@code en/test}
     */
    static RepositoryPart parse(String text) {
        List<String> words = List.of(text.split("/", -1));
        String last = words.get(words.size() - 1);
        boolean hasSplit = words.size() > 1 && isSplit(last);
        return new RepositoryPart(
                hasSplit ? words.subList(0, words.size() - 1) : words, hasSplit ? splits(last) : List.of());
    }

    static List<String> splits(String text) {
        return List.of(text.split("\\+", -1));
    }

    public boolean takesAll() {
        return subsets.equals(List.of("all"));
    }

    public boolean isDefault() {
        return equals(DEFAULT);
    }
}
