package io.apus.corpus.tokenize.bpe.split;

import java.util.List;

/** A pattern as it was read. */
sealed interface Part {
    /** Between {@code least} and {@code most} characters of a set, by its number in the alphabet. */
    record Characters(int set, int least, int most, boolean isPossessive) implements Part {}

    /** The first of several sequences of parts that matches; nothing at last if {@code isOptional}. */
    record Group(List<List<Part>> branches, boolean isOptional) implements Part {}

    /** What must, or must not, come next. */
    record Ahead(Group group, boolean isWanted) implements Part {}
}
