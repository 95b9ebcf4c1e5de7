package io.apus.corpus.filter.select;

import io.apus.corpus.filter.text.Words;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;

/** The runs of words of evaluation sets, by length and hash, with the row that each comes from. */
final class NgramIndex implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int ngram;
    private final int minWords;

    /** Place in {@link #rows} of each run, by the number of its words. */
    private final TreeMap<Integer, HashMap<Long, Integer>> runs = new TreeMap<>();

    private final ArrayList<String> rows = new ArrayList<>();

    NgramIndex(int ngram, int minWords) {
        this.ngram = ngram;
        this.minWords = minWords;
    }

    /** Adds the texts of one row, which {@code row} names, e.g. {@code gsm8k_test.jsonl row 7}. */
    void add(String row, List<String> texts) {
        rows.add(row);
        for (String text : texts) {
            Words words = Words.of(text);
            int width = Math.min(ngram, words.count());
            if (words.count() >= minWords) {
                HashMap<Long, Integer> sameWidth = runs.computeIfAbsent(width, w -> new HashMap<>());
                for (int i = 0; i + width <= words.count(); i++) {
                    sameWidth.putIfAbsent(words.ngram(i, width), rows.size() - 1);
                }
            }
        }
    }

    /** What the words share with an evaluation set, the longest runs first; null where there is nothing. */
    String findOrNull(Words words) {
        for (int width : runs.descendingKeySet()) {
            HashMap<Long, Integer> sameWidth = runs.get(width);
            for (int i = 0; i + width <= words.count(); i++) {
                Integer row = sameWidth.get(words.ngram(i, width));
                if (row != null) {
                    return "shares " + width + " words with " + rows.get(row) + ": \"" + words.span(i, width) + "\"";
                }
            }
        }
        return null;
    }
}
