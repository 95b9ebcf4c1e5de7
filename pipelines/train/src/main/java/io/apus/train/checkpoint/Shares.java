package io.apus.train.checkpoint;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Splits work over ranks so that all have about as much, the same way on every rank. */
final class Shares {
    private Shares() {}

    /** Which rank takes what: the largest first, each to the rank that has the least so far. */
    static Map<String, Integer> balanced(Map<String, Long> sizes, int ranks) {
        long[] load = new long[ranks];
        Map<String, Integer> owners = new TreeMap<>();
        Comparator<Map.Entry<String, Long>> bySize = Comparator.comparingLong(entry -> -entry.getValue());
        List<Map.Entry<String, Long>> ordered =
                new TreeMap<>(sizes).entrySet().stream().sorted(bySize).toList();
        for (Map.Entry<String, Long> entry : ordered) {
            int least = 0;
            for (int rank = 1; rank < ranks; rank++) {
                least = load[rank] < load[least] ? rank : least;
            }
            load[least] += entry.getValue();
            owners.put(entry.getKey(), least);
        }
        return owners;
    }
}
