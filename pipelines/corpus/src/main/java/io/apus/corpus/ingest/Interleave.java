package io.apus.corpus.ingest;

import io.apus.schemas.UserError;
import java.util.List;

/**
 * Mixing of datasets by probability, as {@code interleave_datasets} of Hugging Face's datasets does it: one dataset after the other is
 * drawn at random, and each draw takes its next row. Which rows take part depends on the seed alone; their order is decided later.
 */
public final class Interleave {
    /** More draws than this would be more rows than a run can use. */
    private static final double MOST_DRAWS = 1e11;

    /** 2 to the power of -53: makes 53 random bits a number in [0, 1). */
    private static final double UNIT = 0x1.0p-53;

    private final List<String> names;
    private final long[] lengths;
    private final List<Double> probabilities;

    /**
     * @param names of the datasets, for messages
     * @param lengths rows of each dataset's sequence
     * @param probabilities of each dataset; they add up to 1
     */
    public Interleave(List<String> names, long[] lengths, List<Double> probabilities) {
        this.names = names;
        this.lengths = lengths.clone();
        this.probabilities = probabilities;
    }

    /**
     * How many rows each dataset gives.
     *
     * @param all go on until every dataset was used up once, beginning again with those that were; else stop with the first
     */
    public long[] counts(boolean all, long seed) {
        for (int i = 0; i < lengths.length; i++) {
            require(lengths[i] > 0, i, "it has no row that can be used");
            require(lengths[i] / probabilities.get(i) < MOST_DRAWS, i, "using it up would take too many rows");
        }
        long[] counts = new long[lengths.length];
        int open = lengths.length;
        for (long draw = 0; open == lengths.length || (all && open > 0); draw++) {
            int drawn = drawn((Selection.mix(Selection.mix(seed) ^ draw) >>> 11) * UNIT);
            counts[drawn]++;
            open -= counts[drawn] == lengths[drawn] ? 1 : 0;
        }
        return counts;
    }

    private int drawn(double point) {
        double sum = 0;
        int last = lengths.length - 1;
        for (int i = 0; i < last; i++) {
            sum += probabilities.get(i);
            if (point < sum) {
                return i;
            }
        }
        return last;
    }

    private void require(boolean holds, int dataset, String problem) {
        if (!holds) {
            throw new UserError(
                    "Cannot mix the dataset " + names.get(dataset),
                    problem,
                    "Change interleave_prob, or leave it out to use all rows of all datasets.");
        }
    }
}
