package io.apus.corpus.filter.duplicate;

import io.apus.corpus.filter.text.WordScan;
import java.io.Serializable;

/**
 * How signatures are cut into bands (locality-sensitive hashing; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4):
 * two samples are compared when all values of at least one band agree.
 *
 * @param bands number of bands
 * @param rows values of a band
 */
public record Bands(int bands, int rows) implements Serializable {
    /** How many of the pairs exactly at the threshold must be found; more similar ones are found more often. */
    private static final double RECALL = 0.98;

    /** The longest bands, thus the fewest comparisons, that still find pairs at the threshold. */
    public static Bands of(double threshold, int permutations) {
        int rows = 1;
        while (rows < permutations && new Bands(permutations / (rows + 1), rows + 1).found(threshold) >= RECALL) {
            rows++;
        }
        return new Bands(permutations / rows, rows);
    }

    /** The probability that a pair of this Jaccard similarity is compared. */
    public double found(double jaccard) {
        return 1 - Math.pow(1 - Math.pow(jaccard, rows), bands);
    }

    /** The bucket of a signature in a band; buckets of different bands differ. */
    public long bucket(int[] signature, int band) {
        long hash = band + 1L;
        for (int i = band * rows; i < (band + 1) * rows; i++) {
            hash = WordScan.mix(hash ^ signature[i]) + signature[i];
        }
        return WordScan.mix(hash);
    }
}
