package io.apus.corpus.ingest;

import io.apus.schemas.catalog.MappingStep;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the rows of one dataset are understood.
 *
 * @param columns renames of columns, source to target; they win over everything else
 * @param autoMapping whether synonyms of the standard column names are recognised ({@code disable_auto_column_mapping} says no)
 * @param names what stands for the placeholders of a self-cognition dataset
 * @param mapping what a catalog does to each row before any of this
 */
public record RowRules(Map<String, String> columns, boolean autoMapping, SelfNames names, List<MappingStep> mapping)
        implements Serializable {
    public RowRules {
        columns = new TreeMap<>(columns);
        mapping = List.copyOf(mapping);
    }

    /** Rows that are understood as they are stored. */
    public RowRules(Map<String, String> columns, boolean autoMapping, SelfNames names) {
        this(columns, autoMapping, names, List.of());
    }

    /** Renames only. */
    public static RowRules renaming(Map<String, String> columns) {
        return new RowRules(columns, true, SelfNames.NONE);
    }
}
