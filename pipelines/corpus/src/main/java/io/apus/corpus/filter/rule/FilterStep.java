package io.apus.corpus.filter.rule;

import java.io.Serializable;

/** One configured filter of a run. It travels to the executors as it is. */
public interface FilterStep extends Serializable {
    /** The reason code of the samples that it refuses, e.g. {@code length}. */
    String reason();

    /**
     * This filter with the files that it names read; called once, where the run was started, before any sample is judged.
     *
     * @throws io.apus.schemas.UserError when a file is missing or cannot be understood
     */
    default FilterStep load(FilterSources sources) {
        return this;
    }
}
