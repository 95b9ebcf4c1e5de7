package io.apus.jobs.eval.models;

import io.apus.model.family.Families;
import io.apus.schemas.catalog.ModelEntry;
import java.util.List;
import java.util.Set;

/** Which models of the catalog have an architecture that can be loaded. */
final class Coverage {
    private static final Set<String> LOADABLE = Families.names();

    private Coverage() {}

    static boolean of(ModelEntry entry) {
        return entry.architectures().stream().anyMatch(LOADABLE::contains);
    }

    static long count(List<ModelEntry> entries) {
        return entries.stream().filter(Coverage::of).count();
    }
}
