package io.apus.corpus.filter;

import io.apus.schemas.data.Sample;
import java.util.Optional;

/** Looks at one sample at a time and says why it should not be used. Stateless; build one per partition. */
public interface SampleFilter {
    /** The reason code of the samples that it refuses, also its name in {@code filters}. */
    String reason();

    /** What is wrong with the sample, one line; empty where nothing is. */
    Optional<String> refuse(Sample sample);
}
