package io.apus.corpus.filter.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How much of a document repeats what stands earlier in it; characters are those of its words, as white space separates them. */
final class Repetition {
    private final String document;
    private final String[] words;
    private final long[] hashes;
    private final long characters;

    Repetition(String document) {
        this.document = document;
        words = Arrays.stream(document.split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
        hashes = new long[words.length];
        long sum = 0;
        for (int i = 0; i < words.length; i++) {
            hashes[i] = hash(words[i]);
            sum += words[i].length();
        }
        characters = Math.max(1, sum);
    }

    private static long hash(String word) {
        long hash = 1;
        for (int i = 0; i < word.length(); i++) {
            hash = hash * 0x9e3779b97f4a7c15L + word.charAt(i);
        }
        return WordScan.mix(hash);
    }

    /** The share that {@code rule} bounds, 0 to 1. */
    double share(GopherRepetitionFilter.Threshold rule) {
        return switch (rule.kind()) {
            case LINES -> repeated(document.lines().toList(), false);
            case PARAGRAPHS -> repeated(List.of(document.split("\\n\\s*\\n", -1)), false);
            case LINE_CHARACTERS -> repeated(document.lines().toList(), true);
            case PARAGRAPH_CHARACTERS -> repeated(List.of(document.split("\\n\\s*\\n", -1)), true);
            case TOP_NGRAM -> topNgram(rule.width());
            case DUPLICATE_NGRAMS -> duplicateNgrams(rule.width());
        };
    }

    private static double repeated(List<String> parts, boolean byCharacters) {
        Set<String> seen = new HashSet<>();
        long all = 0;
        long repeated = 0;
        for (String part : parts) {
            String bare = part.strip();
            long size = byCharacters ? bare.length() : 1;
            if (!bare.isEmpty()) {
                all += size;
                repeated += seen.add(bare) ? 0 : size;
            }
        }
        return all == 0 ? 0 : (double) repeated / all;
    }

    /** Of an n-gram that occurs but once nothing is repeated. */
    private double topNgram(int width) {
        Map<Long, Integer> counts = new HashMap<>();
        int most = 1;
        long longest = 0;
        for (int i = 0; i + width <= words.length; i++) {
            int count = counts.merge(WordScan.ngram(hashes, i, width, 0), 1, Integer::sum);
            long length = length(i, width);
            if (count > most || (count == most && count > 1 && length > longest)) {
                most = count;
                longest = length;
            }
        }
        return (double) (most * longest) / characters;
    }

    /** Words in overlapping n-grams count once. */
    private double duplicateNgrams(int width) {
        Set<Long> seen = new HashSet<>();
        long repeated = 0;
        int counted = 0;
        for (int i = 0; i + width <= words.length; i++) {
            if (!seen.add(WordScan.ngram(hashes, i, width, 0))) {
                int from = Math.max(i, counted);
                repeated += length(from, i + width - from);
                counted = i + width;
            }
        }
        return (double) repeated / characters;
    }

    private long length(int from, int width) {
        long length = 0;
        for (int i = from; i < from + width; i++) {
            length += words[i].length();
        }
        return length;
    }
}
