package io.apus.spark.filter;

import io.apus.corpus.filter.duplicate.Shingles;
import io.apus.schemas.data.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Random documents, some of them changed copies of others, and what a perfect filter would refuse of them. */
final class PlantedDuplicates {
    private static final int WORDS = 5000;

    private final SplittableRandom random;
    private final List<Sample> samples = new ArrayList<>();

    PlantedDuplicates(long seed) {
        random = new SplittableRandom(seed);
    }

    /** {@code originals} documents; each third has copies with up to 5 words of about 120 changed, so that Jaccard is 0.65 to 1. */
    List<Sample> make(int originals) {
        for (int i = 0; i < originals; i++) {
            String[] words = words(100 + random.nextInt(40));
            add(words);
            int copies = i % 3 == 0 ? 1 + random.nextInt(3) : 0;
            for (int copy = 0; copy < copies; copy++) {
                add(changed(words, random.nextInt(6)));
            }
        }
        return samples;
    }

    private void add(String[] words) {
        samples.add(SampleFrames.text(0, samples.size(), 0, String.join(" ", words)));
    }

    /** Frequent words are more frequent, as in a language. */
    private String[] words(int count) {
        String[] words = new String[count];
        for (int i = 0; i < count; i++) {
            words[i] = "w" + (int) (WORDS * Math.pow(random.nextDouble(), 3));
        }
        return words;
    }

    private String[] changed(String[] words, int changes) {
        String[] changed = words.clone();
        for (int i = 0; i < changes; i++) {
            changed[random.nextInt(changed.length)] = "x" + random.nextInt(WORDS);
        }
        return changed;
    }

    /** Rows that are refused when every pair is compared: of each connected group all but the longest, the first of these. */
    static Set<Long> expected(List<Sample> samples, double threshold) {
        int[] group = groups(samples, threshold);
        long[] best = new long[samples.size()];
        Arrays.fill(best, -1);
        for (int i = 0; i < group.length; i++) {
            if (best[group[i]] < 0 || length(samples, i) > length(samples, (int) best[group[i]])) {
                best[group[i]] = i;
            }
        }
        Set<Long> refused = new TreeSet<>();
        for (int i = 0; i < group.length; i++) {
            if (best[group[i]] != i) {
                refused.add((long) i);
            }
        }
        return refused;
    }

    private static int length(List<Sample> samples, int row) {
        return samples.get(row).messages().get(0).content().length();
    }

    private static int[] groups(List<Sample> samples, double threshold) {
        List<long[]> shingles =
                samples.stream().map(sample -> Shingles.of(sample, 5)).toList();
        int[] group = new int[samples.size()];
        for (int i = 0; i < group.length; i++) {
            group[i] = i;
            for (int j = 0; j < i; j++) {
                if (group[j] != group[i] && Shingles.jaccard(shingles.get(i), shingles.get(j)) >= threshold) {
                    merge(group, i, Math.max(group[i], group[j]), Math.min(group[i], group[j]));
                }
            }
        }
        return group;
    }

    private static void merge(int[] group, int last, int from, int to) {
        for (int i = 0; i <= last; i++) {
            if (group[i] == from) {
                group[i] = to;
            }
        }
    }
}
