package io.apus.corpus.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.SampleKey;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private static long taken(Selection selection) {
        return LongStream.range(selection.heldOut(), selection.rows())
                .map(selection::copies)
                .sum();
    }

    @Test
    void heldOutAndTakenRowsAddUpToWhatWasAskedFor() {
        for (long rows : new long[] {1, 2, 7, 100, 999}) {
            for (Long sample : new Long[] {null, 1L, 5L, 100L, 2500L}) {
                for (double ratio : new double[] {0, 0.01, 0.25, 0.99}) {
                    Selection selection = Selection.of(rows, sample, ratio);
                    long wanted = sample == null ? rows : sample;
                    long heldOut = ratio == 0 ? 0 : Math.max((long) (Math.min(rows, wanted) * ratio), 1);
                    assertThat(selection.heldOut()).isEqualTo(heldOut);
                    assertThat(taken(selection)).isEqualTo(heldOut == rows ? 0 : wanted - heldOut);
                }
            }
        }
    }

    @Test
    void moreRowsThanThereAreRepeatAllOfThemFirst() {
        Selection selection = Selection.of(10, 25L, 0);
        assertThat(LongStream.range(0, 10).map(selection::copies))
                .containsExactly(3L, 3L, 3L, 3L, 3L, 2L, 2L, 2L, 2L, 2L);
    }

    @Test
    void heldOutRowsAreNeverTrainedOn() {
        Selection selection = Selection.of(10, 40L, 0.2);
        assertThat(selection.split(1)).isEqualTo("validation");
        assertThat(selection.split(2)).isEqualTo("train");
        assertThat(selection.copies(0)).isEqualTo(1);
    }

    @Test
    void ranksDependOnSeedAndRowAndSpreadEvenly() {
        Set<Long> ranks = new HashSet<>();
        int low = 0;
        for (int row = 0; row < 10_000; row++) {
            long rank = Selection.rank(42, new SampleKey("d", 0, row, 0));
            ranks.add(rank);
            low += rank < 0 ? 1 : 0;
        }
        assertThat(ranks).hasSize(10_000);
        assertThat(low).isBetween(4_800, 5_200);
        SampleKey key = new SampleKey("d", 1, 5, 0);
        assertThat(Selection.rank(1, key)).isNotEqualTo(Selection.rank(2, key));
        assertThat(Selection.rank(1, new SampleKey("d", 1, 5, 3))).isEqualTo(Selection.rank(1, key));
    }
}
