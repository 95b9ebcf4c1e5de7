package io.apus.corpus.ingest;

import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.Splits;
import java.io.Serializable;

/**
 * Which rows of one dataset are held out, taken and repeated, as in ms-swift: {@code max(int(min(rows, sample) * ratio), 1)} rows are
 * held out first, then {@code sample} less those are taken from the rest; where that is more than the rest, all of it is repeated
 * whole and the remainder sampled.
 *
 * <p>The decision is a function of a row's position in one order of the dataset's rows: by ({@link #rank}, key) when shuffled, by key
 * otherwise. Positions do not depend on partitions, so neither does the decision.
 *
 * <p>The rows taken stand in a sequence: by position, and again from the first where they repeat. Mixing with other datasets
 * ({@link #drawn}) reads that sequence from its beginning, and over again where it needs more.
 *
 * @param rows rows of the dataset that were understood
 * @param heldOut the first positions: validation
 * @param whole copies of every other row
 * @param remainder how many of the positions behind the held-out ones get {@code again} copies more
 * @param again see {@code remainder}
 * @param tail how many of the positions behind the held-out ones get one copy more
 */
public record Selection(long rows, long heldOut, long whole, long remainder, long again, long tail)
        implements Serializable {
    /**
     * The selection that a dataset's size and the user's wishes give.
     *
     * @param rows rows of the dataset that were understood
     * @param sample the {@code #N} asked for, or null for all
     * @param ratio share held out for validation; 0 holds out none
     */
    public static Selection of(long rows, Long sample, double ratio) {
        long wanted = sample == null ? rows : sample;
        long heldOut = ratio > 0 && rows > 0 ? Math.max((long) (Math.min(rows, wanted) * ratio), 1) : 0;
        long rest = rows - heldOut;
        long taken = rest == 0 ? 0 : Math.max(wanted - heldOut, 0);
        return new Selection(rows, heldOut, rest == 0 ? 0 : taken / rest, rest == 0 ? 0 : taken % rest, 1, 0);
    }

    /** The first {@code count} of the sequence that this selection takes, which begins again at its end. */
    public Selection drawn(long count) {
        long taken = taken();
        if (taken == 0) {
            return this;
        }
        long rest = rows - heldOut;
        long cycles = count / taken;
        long part = count % taken;
        return new Selection(rows, heldOut, cycles * whole + part / rest, remainder, cycles, part % rest);
    }

    /** Rows used for training, copies counted. */
    public long taken() {
        return whole * (rows - heldOut) + remainder * again + tail;
    }

    /** Copies beyond the first of every row. */
    public long repeated() {
        long used = whole > 0 ? rows - heldOut : Math.max(again > 0 ? remainder : 0, tail);
        return taken() - used;
    }

    /** The split of the row at {@code position}. */
    public String split(long position) {
        return position < heldOut ? Splits.VALIDATION : Splits.TRAIN;
    }

    /** How many copies of the row at {@code position} are used; 0 means that it is refused as {@code not_sampled}. */
    public long copies(long position) {
        if (position < heldOut) {
            return 1;
        }
        long at = position - heldOut;
        return whole + (at < remainder ? again : 0) + (at < tail ? 1 : 0);
    }

    /** Where a row stands in the shuffled order: a hash of seed, dataset and row, equal for all copies. */
    public static long rank(long seed, SampleKey key) {
        return mix(mix(mix(seed) ^ key.datasetIndex()) ^ key.row());
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit. */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The sample as copy {@code copy} in {@code split}. */
    public static Sample place(Sample sample, String split, int copy) {
        SampleKey key = sample.key();
        return new Sample(
                new SampleKey(key.dataset(), key.datasetIndex(), key.row(), copy),
                split,
                sample.messages(),
                sample.rejectedMessages(),
                sample.positiveMessages(),
                sample.negativeMessages(),
                sample.label(),
                sample.margin(),
                sample.tools(),
                sample.media(),
                sample.channel(),
                sample.extra());
    }
}
