package io.apus.corpus.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class InterleaveTest {
    private static long[] counts(boolean all, long seed, List<Double> probabilities, long... lengths) {
        return new Interleave(List.of("a", "b", "c").subList(0, lengths.length), lengths, probabilities)
                .counts(all, seed);
    }

    @Test
    void theFirstUsedUpEndsTheMix() {
        long[] counts = counts(false, 42, List.of(0.7, 0.2, 0.1), 1000, 1000, 1000);
        assertThat(counts[0]).isEqualTo(1000);
        assertThat(counts[1]).isBetween(240L, 335L);
        assertThat(counts[2]).isBetween(105L, 185L);
        assertThat(counts(false, 42, List.of(0.7, 0.2, 0.1), 1000, 1000, 1000)).isEqualTo(counts);
        assertThat(counts(false, 43, List.of(0.7, 0.2, 0.1), 1000, 1000, 1000)).isNotEqualTo(counts);
    }

    @Test
    void orTheLastDoes() {
        long[] counts = counts(true, 7, List.of(0.5, 0.5), 1000, 10);
        assertThat(counts[0]).isEqualTo(1000);
        assertThat(counts[1]).isBetween(900L, 1100L);
    }

    @Test
    void anEmptyDatasetCannotBeMixed() {
        assertThatThrownBy(() -> counts(true, 7, List.of(0.5, 0.5), 10, 0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("mix the dataset b");
        assertThatThrownBy(() -> counts(true, 7, List.of(1 - 1e-12, 1e-12), 10, 10))
                .isInstanceOf(UserError.class);
    }

    /** What is drawn is the beginning of the sequence that #N and the ratio give, over and over. */
    @Test
    void aDrawIsTheSequenceFromItsBeginning() {
        for (Long sample : new Long[] {null, 3L, 25L}) {
            Selection selection = Selection.of(10, sample, 0.2);
            long heldOut = selection.heldOut();
            long rest = 10 - heldOut;
            for (long count : new long[] {0, 1, 8, 9, 23, 24, 100}) {
                long[] expected = new long[10];
                long taken = selection.taken();
                LongStream.range(0, count).forEach(draw -> expected[(int) (heldOut + draw % taken % rest)]++);
                LongStream.range(0, heldOut).forEach(position -> expected[(int) position] = 1);
                Selection drawn = selection.drawn(count);
                assertThat(LongStream.range(0, 10).map(drawn::copies).toArray())
                        .as(sample + " " + count)
                        .isEqualTo(expected);
                assertThat(drawn.taken()).isEqualTo(count);
                assertThat(drawn.repeated())
                        .isEqualTo(LongStream.of(expected)
                                .skip(heldOut)
                                .map(copies -> Math.max(copies - 1, 0))
                                .sum());
            }
        }
    }
}
