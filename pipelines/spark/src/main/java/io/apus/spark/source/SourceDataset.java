package io.apus.spark.source;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A dataset of a run as it is read.
 *
 * @param name as the user named it, without {@code #N}
 * @param index position in the run's list; validation datasets follow
 * @param patterns files, folders or globs
 * @param columns renames of columns, source to target
 * @param sample {@code #N}, or null for all rows
 * @param validation true for {@code val_dataset}
 */
public record SourceDataset(
        String name, int index, List<String> patterns, Map<String, String> columns, Long sample, boolean validation)
        implements Serializable {
    public SourceDataset {
        patterns = List.copyOf(patterns);
        columns = new TreeMap<>(columns);
    }

    /** The same dataset, read from other files. */
    public SourceDataset reading(List<String> files) {
        return new SourceDataset(name, index, files, columns, sample, validation);
    }
}
