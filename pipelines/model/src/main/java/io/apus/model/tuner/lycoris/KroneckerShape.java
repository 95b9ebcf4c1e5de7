package io.apus.model.tuner.lycoris;

/**
 * How LoKr splits a weight of [outFeatures, inFeatures] into a Kronecker product.
 *
 * @param outLeft, outRight outFeatures = outLeft * outRight
 * @param inLeft, inRight inFeatures = inLeft * inRight
 */
record KroneckerShape(long outLeft, long outRight, long inLeft, long inRight) {
    static KroneckerShape of(long outFeatures, long inFeatures, int factor) {
        long outLeft = left(outFeatures, factor);
        long inLeft = left(inFeatures, factor);
        return new KroneckerShape(outLeft, outFeatures / outLeft, inLeft, inFeatures / inLeft);
    }

    /** The smaller divisor of the pair that LyCORIS picks: {@code factor} itself where it divides, else the one nearest the root below it. */
    static long left(long dimension, int factor) {
        if (factor > 0 && dimension % factor == 0) {
            return factor;
        }
        long limit = factor == -1 ? dimension : factor;
        long left = 1;
        for (long candidate = 2; candidate * candidate <= dimension && candidate <= limit; candidate++) {
            if (dimension % candidate == 0) {
                left = candidate;
            }
        }
        return left;
    }
}
