package io.apus.corpus.ingest;

import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;

/** What became of a row: exactly one of a sample and a reject. */
public sealed interface Mapped {
    /** The row was understood; its split is {@code train} and its copy 0 until sampling places it. */
    record Kept(Sample sample) implements Mapped {}

    /** The row was refused. */
    record Refused(Reject reject) implements Mapped {}
}
