package io.apus.schemas.catalog;

import io.apus.schemas.UserError;
import java.util.List;
import java.util.Map;

/**
 * A part of a dataset that can be asked for by name.
 *
 * @param name as the user asks for it
 * @param hub name of the configuration on the hub
 * @param splits splits of that configuration which are read one after the other
 * @param weak whether {@code all} leaves it out, because its rows are in another subset too
 * @param shape where it differs from the dataset's, else null
 * @param columns further renames of columns, source to target
 * @param mapping instead of the dataset's, or null for the dataset's
 */
public record DatasetSubset(
        String name,
        String hub,
        List<String> splits,
        boolean weak,
        String shape,
        Map<String, String> columns,
        List<MappingStep> mapping) {
    public DatasetSubset {
        if (name == null || name.isBlank()) {
            throw new UserError("Cannot use the catalog entry", "a subset has no name", "");
        }
        hub = hub == null ? name : hub;
        splits = splits == null || splits.isEmpty() ? List.of("train") : List.copyOf(splits);
        columns = columns == null ? Map.of() : Map.copyOf(columns);
        mapping = mapping == null ? null : List.copyOf(mapping);
    }
}
