package io.apus.corpus.mapping.step;

import java.util.SplittableRandom;

/** Chance that depends on the place of the row in its dataset alone, so that every run draws the same. */
public final class Draws {
    private final SplittableRandom random;
    private final int view;

    /**
     * @param row index of the stored row
     * @param view which of the rows made of it this is, from 0
     */
    public Draws(long row, int view) {
        this.random = new SplittableRandom(row * 1_000_003L + view);
        this.view = view;
    }

    /** A number from 0 to {@code bound} - 1. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    int view() {
        return view;
    }
}
