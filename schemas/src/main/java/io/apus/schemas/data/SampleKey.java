package io.apus.schemas.data;

import java.util.Comparator;

/**
 * Where a sample came from; it identifies the sample in every table of a run and orders the samples.
 *
 * @param dataset the dataset as the user named it, without its {@code #N}
 * @param datasetIndex position of the dataset in the run's list (validation datasets follow the training ones), from 0
 * @param row index of the row in the dataset, from 0, over its files in the order of their paths
 * @param copy 0, or the repetition when {@code #N} asks for more rows than there are
 */
public record SampleKey(String dataset, int datasetIndex, long row, int copy) implements Comparable<SampleKey> {
    private static final Comparator<SampleKey> ORDER = Comparator.comparingInt(SampleKey::datasetIndex)
            .thenComparingLong(SampleKey::row)
            .thenComparingInt(SampleKey::copy);

    /** The key as text, e.g. {@code alpaca.json:17} or, for a repetition, {@code alpaca.json:17:1}. */
    public String id() {
        return dataset + ":" + row + (copy == 0 ? "" : ":" + copy);
    }

    @Override
    public int compareTo(SampleKey other) {
        return ORDER.compare(this, other);
    }
}
