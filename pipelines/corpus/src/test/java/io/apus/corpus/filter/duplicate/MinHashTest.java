package io.apus.corpus.filter.duplicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.apus.corpus.filter.text.WordScan;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MinHashTest {
    private static Sample said(String label, String... contents) {
        List<Message> turns = Arrays.stream(contents)
                .map(content -> new Message("user", content))
                .toList();
        return new Sample(
                new SampleKey("d", 0, 0, 0), "train", turns, null, null, null, label, null, null, null, null, null);
    }

    private static long[] set(long from, long to) {
        return LongStream.range(from, to).map(WordScan::mix).sorted().toArray();
    }

    @Test
    void signaturesAgreeAsMuchAsTheSetsDo() {
        MinHash hash = new MinHash(1024);
        for (int shared = 0; shared <= 100; shared += 10) {
            double sum = 0;
            for (int trial = 0; trial < 20; trial++) {
                long base = trial * 1000L;
                long[] a = set(base, base + 100);
                long[] b = set(base + 100 - shared, base + 200 - shared);
                assertThat(Shingles.jaccard(a, b)).isEqualTo(shared / (200.0 - shared));
                sum += MinHash.agreement(hash.signature(a), hash.signature(b));
            }
            assertThat(sum / 20).isCloseTo(shared / (200.0 - shared), within(0.02));
        }
    }

    @Test
    void bandsFindPairsAtTheThresholdAndSpareOthers() {
        Bands bands = Bands.of(0.8, 128);

        assertThat(bands.found(0.8)).isGreaterThanOrEqualTo(0.98);
        assertThat(bands.found(0.3)).isLessThan(0.01);
        assertThat(bands.bands() * bands.rows()).isLessThanOrEqualTo(128);
        assertThat(Bands.of(0.5, 128).rows()).isLessThan(bands.rows());
    }

    @Test
    void shinglesAreOfWordsWhateverStandsBetweenThem() {
        long[] shingles = Shingles.of(said(null, "One two, three FOUR five six."), 5);

        assertThat(shingles).hasSize(2).isSorted();
        assertThat(Shingles.of(said(null, "one two three", "four -- five six"), 5))
                .isEqualTo(shingles);
        assertThat(Shingles.fromBytes(Shingles.toBytes(shingles))).isEqualTo(shingles);
        assertThat(Shingles.of(said(null, "one"), 5)).hasSize(1);
        assertThat(Shingles.of(said(null, "?!"), 5)).isEmpty();
        assertThat(Shingles.jaccard(
                        Shingles.of(said("true", "one two three"), 2), Shingles.of(said("false", "one two three"), 2)))
                .isZero();
    }
}
