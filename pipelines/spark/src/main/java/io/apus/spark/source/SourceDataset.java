package io.apus.spark.source;

import io.apus.corpus.ingest.RepositoryPart;
import io.apus.corpus.ingest.RowRules;
import java.io.Serializable;
import java.util.List;

/**
 * A dataset of a run as it is read.
 *
 * @param name as the user named it, without {@code #N}
 * @param index position in the run's list; validation datasets follow
 * @param patterns files, folders, globs or Delta tables
 * @param part which part of a folder is read
 * @param version version of the Delta tables, or null for the newest and for files
 * @param rules how its rows are understood
 * @param sample {@code #N}, or null for all rows
 * @param validation true for {@code val_dataset}
 */
public record SourceDataset(
        String name,
        int index,
        List<String> patterns,
        RepositoryPart part,
        Long version,
        RowRules rules,
        Long sample,
        boolean validation)
        implements Serializable {
    public SourceDataset {
        patterns = List.copyOf(patterns);
    }

    /** All rows of all files that the patterns name. */
    public static SourceDataset of(String name, int index, List<String> patterns, RowRules rules) {
        return new SourceDataset(name, index, patterns, RepositoryPart.DEFAULT, null, rules, null, false);
    }

    /** The same dataset with {@code #N}. */
    public SourceDataset sampled(long rows) {
        return new SourceDataset(name, index, patterns, part, version, rules, rows, validation);
    }

    /** The same dataset for validation. */
    public SourceDataset forValidation() {
        return new SourceDataset(name, index, patterns, part, version, rules, sample, true);
    }

    /** The same dataset with the version of its table that was found, so that reading it later gives the same rows. */
    public SourceDataset pinned(List<SourceFile> files) {
        boolean isTable = files.size() == 1 && files.get(0).isTable();
        Long found = isTable ? Long.valueOf(files.get(0).version()) : version;
        return new SourceDataset(name, index, patterns, part, found, rules, sample, validation);
    }

    /** The same dataset, read from other files. */
    public SourceDataset reading(List<String> files) {
        return new SourceDataset(name, index, files, RepositoryPart.DEFAULT, null, rules, sample, validation);
    }
}
