package io.apus.bench.train;

import io.apus.model.layer.TokenBatch;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One packed row of random tokens, every one a target: the most work that a row can be for the loss.
 *
 * @param ids token ids, length N
 * @param weights weight of each token as a target, length N
 * @param segments tokens of each sample; they sum to N
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Batch(long[] ids, float[] weights, int[] segments) {
    private static final int LONGEST_SAMPLE = 512;
    private static final int SHORTEST_SAMPLE = 32;

    /** Samples of 32 to 511 tokens, as in instruction data; the last one fills the row. */
    public static Batch of(int tokens, int vocabSize) {
        SplittableRandom random = new SplittableRandom(tokens);
        long[] ids = random.longs(tokens, 0, vocabSize).toArray();
        float[] weights = new float[tokens];
        Arrays.fill(weights, 1);
        int[] segments = new int[tokens];
        int count = 0;
        for (int left = tokens; left > 0; left -= segments[count++]) {
            segments[count] = Math.min(left, random.nextInt(SHORTEST_SAMPLE, LONGEST_SAMPLE));
        }
        return new Batch(ids, weights, Arrays.copyOf(segments, count));
    }

    /** The same tokens as one sample. */
    public Batch joined() {
        return new Batch(ids, weights, new int[] {ids.length});
    }

    public int tokens() {
        return ids.length;
    }

    /** Its tensors, which belong to the caller's scope. */
    public TokenBatch tensors() {
        return TokenBatch.of(ids, segments);
    }

    /** Pairs of a token and one that it attends to, itself included. */
    double pairs() {
        double pairs = 0;
        for (int length : segments) {
            pairs += (double) length * (length + 1) / 2;
        }
        return pairs;
    }
}
