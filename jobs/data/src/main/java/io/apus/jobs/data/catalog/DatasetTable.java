package io.apus.jobs.data.catalog;

import io.apus.schemas.catalog.DatasetEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Datasets as lines of text. */
final class DatasetTable {
    private static final String LINE = "%-56s%-16s%-9s%10s  %s";

    private final List<DatasetEntry> entries;

    DatasetTable(List<DatasetEntry> entries) {
        this.entries = entries;
    }

    static boolean has(DatasetEntry entry, String word) {
        return Stream.of(entry.id(), entry.ms(), entry.hf(), entry.help(), String.join(" ", entry.tags()))
                .filter(Objects::nonNull)
                .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT)));
    }

    /** A line for each, and how many there are. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, LINE, "dataset", "shape", "mapping", "rows", "hub ids; tags"));
        entries.forEach(entry -> lines.add(String.format(
                        Locale.ROOT,
                        LINE,
                        entry.id(),
                        entry.shape(),
                        MappingKind.of(entry).word(),
                        rows(entry),
                        where(entry) + (entry.tags().isEmpty() ? "" : "; " + String.join(", ", entry.tags())))
                .stripTrailing()));
        lines.add(entries.size() + " datasets; \"apus datasets show ID\" says more about one");
        return lines;
    }

    static String rows(DatasetEntry entry) {
        return entry.huge() ? "huge" : entry.rows() == null ? "" : String.format(Locale.ROOT, "%,d", entry.rows());
    }

    /** Where its rows are. */
    static String where(DatasetEntry entry) {
        return Stream.of(
                        entry.path().isEmpty() ? null : "files here",
                        entry.ms() == null ? null : "ms::" + entry.ms(),
                        entry.hf() == null ? null : "hf::" + entry.hf())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
    }

    /** How many there are of each shape, by kind of mapping; only those on a hub. */
    List<String> summary() {
        List<DatasetEntry> onHubs =
                entries.stream().filter(entry -> entry.path().isEmpty()).toList();
        List<String> lines = new ArrayList<>();
        lines.add("shape           "
                + Stream.of(MappingKind.values())
                        .map(kind -> padded(kind.word()))
                        .collect(Collectors.joining()) + padded("all"));
        for (String shape : DatasetEntry.SHAPES) {
            List<DatasetEntry> own =
                    onHubs.stream().filter(entry -> entry.shape().equals(shape)).toList();
            if (!own.isEmpty()) {
                lines.add(counts(shape, own));
            }
        }
        lines.add(counts("all", onHubs));
        return lines;
    }

    private static String counts(String name, List<DatasetEntry> entries) {
        String counts = Stream.of(MappingKind.values())
                .map(kind -> entries.stream()
                        .filter(entry -> MappingKind.of(entry) == kind)
                        .count())
                .map(count -> padded(count.toString()))
                .collect(Collectors.joining());
        return String.format(Locale.ROOT, "%-16s", name) + counts + padded(String.valueOf(entries.size()));
    }

    private static String padded(String text) {
        return String.format(Locale.ROOT, "%9s", text);
    }
}
