package io.apus.corpus.ingest;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the rows of one dataset are understood.
 *
 * @param columns renames of columns, source to target; they win over everything else
 * @param autoMapping whether synonyms of the standard column names are recognised ({@code disable_auto_column_mapping} says no)
 * @param names what stands for the placeholders of a self-cognition dataset
 */
public record RowRules(Map<String, String> columns, boolean autoMapping, SelfNames names) implements Serializable {
    public RowRules {
        columns = new TreeMap<>(columns);
    }

    /** Renames only. */
    public static RowRules renaming(Map<String, String> columns) {
        return new RowRules(columns, true, SelfNames.NONE);
    }
}
