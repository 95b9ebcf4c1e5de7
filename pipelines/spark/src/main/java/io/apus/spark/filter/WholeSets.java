package io.apus.spark.filter;

import static io.apus.schemas.Registry.entry;

import io.apus.corpus.filter.duplicate.ExactDuplicateFilter;
import io.apus.corpus.filter.duplicate.NearDuplicateFilter;
import io.apus.corpus.filter.rule.WholeSetFilter;
import io.apus.corpus.filter.select.CapFilter;
import io.apus.corpus.filter.select.QualityFilter;
import io.apus.schemas.Registry;
import java.nio.file.Path;

/** What applies each filter that needs all samples, by its reason; a new one is one line here. */
public final class WholeSets {
    private interface Factory {
        WholeSet of(WholeSetFilter filter, PersistedFrames frames, Path folder);
    }

    private static final Registry<Factory> FACTORIES = Registry.of(
            "filter of all samples",
            entry(ExactDuplicateFilter.REASON, (filter, frames, folder) -> new ExactDuplicates(frames)),
            entry(
                    NearDuplicateFilter.REASON,
                    (filter, frames, folder) -> new NearDuplicates((NearDuplicateFilter) filter, frames)),
            entry(QualityFilter.REASON, (filter, frames, folder) -> new Quality((QualityFilter) filter, folder)),
            entry(CapFilter.REASON, (filter, frames, folder) -> new Cap((CapFilter) filter)));

    private WholeSets() {}

    /**
     * What applies {@code filter}.
     *
     * @param frames keeps what is read more than once
     * @param folder where the filter may write, below the stage's own
     */
    public static WholeSet of(WholeSetFilter filter, PersistedFrames frames, Path folder) {
        return FACTORIES.get(filter.reason()).of(filter, frames, folder);
    }
}
