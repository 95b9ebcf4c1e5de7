package io.apus.corpus.filter.rule;

import io.apus.schemas.data.Sample;

/** Looks at one sample at a time. Stateless, and safe for use by several threads. */
public interface SampleFilter extends FilterStep {
    Verdict judge(Sample sample);

    /** Whether it may return {@link Verdict.Edit}. */
    default boolean edits() {
        return false;
    }
}
