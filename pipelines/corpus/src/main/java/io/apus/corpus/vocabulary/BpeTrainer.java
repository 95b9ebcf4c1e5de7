package io.apus.corpus.vocabulary;

import io.apus.corpus.vocabulary.Vocabulary.Merge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Byte-pair encoding (Sennrich, Haddow, Birch 2016): again and again the pair of neighbours that occurs most often becomes one symbol.
 * Equal counts are decided by the smaller left id, then the smaller right id. Only the words that hold the pair are touched again.
 */
final class BpeTrainer {
    /** A pair that occurs once saves nothing anywhere else. */
    private static final long LEAST_COUNT = 2;

    private record Candidate(long pair, long count) {}

    private static final Comparator<Candidate> BEST_FIRST =
            Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::pair);

    private final int[][] words;
    private final long[] wordCounts;
    private final Map<Long, Long> pairCounts = new HashMap<>();
    private final Map<Long, Set<Integer>> wordsOfPair = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(BEST_FIRST);

    BpeTrainer(Map<String, Long> counts) {
        words = new int[counts.size()][];
        wordCounts = new long[counts.size()];
        int at = 0;
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            words[at] = ByteAlphabet.symbols(entry.getKey());
            wordCounts[at] = entry.getValue();
            addPairs(at, 1, null);
            at++;
        }
        pairCounts.forEach((pair, count) -> queue.add(new Candidate(pair, count)));
    }

    /** The first {@code wanted} merges, fewer where pairs run out. */
    List<Merge> learn(int wanted) {
        List<Merge> merges = new ArrayList<>();
        while (merges.size() < wanted) {
            Candidate best = best();
            if (best == null) {
                break;
            }
            apply(best.pair(), 256 + merges.size());
            merges.add(new Merge(left(best.pair()), right(best.pair())));
        }
        return merges;
    }

    /** The best pair; counts that have fallen since they were queued are queued again with what they are now. */
    private Candidate best() {
        while (!queue.isEmpty()) {
            Candidate candidate = queue.poll();
            long count = pairCounts.getOrDefault(candidate.pair(), 0L);
            if (count == candidate.count() && count >= LEAST_COUNT) {
                return candidate;
            }
            if (count >= LEAST_COUNT && count < candidate.count()) {
                queue.add(new Candidate(candidate.pair(), count));
            }
        }
        return null;
    }

    private void apply(long pair, int symbol) {
        Set<Long> grown = new HashSet<>();
        for (int word : wordsOfPair.remove(pair)) {
            addPairs(word, -1, null);
            words[word] = replaced(words[word], pair, symbol);
            addPairs(word, 1, grown);
        }
        for (long changed : grown) {
            queue.add(new Candidate(changed, pairCounts.get(changed)));
        }
    }

    private void addPairs(int word, int sign, Set<Long> touched) {
        int[] symbols = words[word];
        for (int i = 0; i + 1 < symbols.length; i++) {
            long pair = pair(symbols[i], symbols[i + 1]);
            pairCounts.merge(pair, sign * wordCounts[word], Long::sum);
            if (sign > 0) {
                wordsOfPair.computeIfAbsent(pair, unused -> new HashSet<>()).add(word);
            }
            if (touched != null) {
                touched.add(pair);
            }
        }
    }

    private static int[] replaced(int[] symbols, long pair, int symbol) {
        int[] result = new int[symbols.length];
        int length = 0;
        for (int i = 0; i < symbols.length; i++) {
            boolean found = i + 1 < symbols.length && pair(symbols[i], symbols[i + 1]) == pair;
            result[length++] = found ? symbol : symbols[i];
            i += found ? 1 : 0;
        }
        return Arrays.copyOf(result, length);
    }

    private static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }

    private static int left(long pair) {
        return (int) (pair >>> 32);
    }

    private static int right(long pair) {
        return (int) pair;
    }
}
