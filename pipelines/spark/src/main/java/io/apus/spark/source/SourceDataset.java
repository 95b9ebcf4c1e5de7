package io.apus.spark.source;

import io.apus.schemas.catalog.MappingStep;
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
 * @param mapping what the catalog does to each row before it is understood
 */
public record SourceDataset(
        String name,
        int index,
        List<String> patterns,
        Map<String, String> columns,
        Long sample,
        boolean validation,
        List<MappingStep> mapping)
        implements Serializable {
    public SourceDataset {
        patterns = List.copyOf(patterns);
        columns = new TreeMap<>(columns);
        mapping = List.copyOf(mapping);
    }

    /** A dataset whose rows are understood as they are stored. */
    public SourceDataset(
            String name,
            int index,
            List<String> patterns,
            Map<String, String> columns,
            Long sample,
            boolean validation) {
        this(name, index, patterns, columns, sample, validation, List.of());
    }
}
