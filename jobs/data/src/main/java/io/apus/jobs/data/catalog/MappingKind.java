package io.apus.jobs.data.catalog;

import io.apus.corpus.mapping.MappingSteps;
import io.apus.schemas.catalog.DatasetEntry;
import io.apus.schemas.catalog.DatasetSubset;
import io.apus.schemas.catalog.MappingStep;
import java.util.List;
import java.util.Locale;

/** How much has to be done to the rows of a dataset; the more, the later. */
enum MappingKind {
    /** Rows are understood as they are stored. */
    NONE,
    /** Some columns get other names. */
    COLUMNS,
    /** Steps of the catalog file. */
    STEPS,
    /** Also a step that was made for few datasets. */
    SPECIAL;

    /** What the most demanding subset of {@code entry} needs. */
    static MappingKind of(DatasetEntry entry) {
        MappingKind most = of(entry.steps());
        for (DatasetSubset subset : entry.subsets()) {
            MappingKind kind = of(entry.steps(subset));
            most = kind.compareTo(most) > 0 ? kind : most;
        }
        return most;
    }

    private static MappingKind of(List<MappingStep> steps) {
        if (steps.isEmpty()) {
            return NONE;
        }
        if (steps.stream().anyMatch(MappingSteps::isSpecial)) {
            return SPECIAL;
        }
        return steps.stream().allMatch(step -> step.name().equals("rename")) ? COLUMNS : STEPS;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
