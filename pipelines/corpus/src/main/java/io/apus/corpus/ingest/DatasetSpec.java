package io.apus.corpus.ingest;

import io.apus.schemas.UserError;
import java.io.Serializable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dataset as the user asked for it: {@code path#N}, {@code glob#N} or {@code catalog-name#N}.
 *
 * @param name the path, glob or catalog name, without {@code #N}
 * @param sample how many rows to take, or null for all
 */
public record DatasetSpec(String name, Long sample) implements Serializable {
    private static final Pattern COUNTED = Pattern.compile("(.*)#(\\d+)", Pattern.DOTALL);
    private static final Pattern CATALOG_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
    private static final List<String> HUBS = List.of("hf::", "ms::");

    /** Reads one entry of {@code dataset}; only a trailing {@code #} with digits is split off, the rest is taken literally. */
    public static DatasetSpec parse(String text) {
        Matcher counted = COUNTED.matcher(text);
        String name = counted.matches() ? counted.group(1) : text;
        if (name.isBlank()) {
            throw new UserError(
                    "Cannot read the dataset \"" + text + "\"", "it names no file", "Write path#N or path.");
        }
        if (HUBS.stream().anyMatch(name::startsWith)) {
            throw new UserError(
                    "Cannot read the dataset " + name,
                    "data is read from files only",
                    "Download it and give the path of its json, jsonl, csv, parquet or txt files.");
        }
        return new DatasetSpec(name, counted.matches() ? count(text, counted.group(2)) : null);
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
        return CATALOG_NAME.matcher(name).matches();
    }
}
