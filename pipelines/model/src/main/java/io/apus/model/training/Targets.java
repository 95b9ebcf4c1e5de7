package io.apus.model.training;

import io.apus.model.layer.TokenBatch;
import io.apus.model.layer.TokenShare;
import io.apus.tensor.Torch;
import java.util.Arrays;

/**
 * Which rows of a batch predict a supervised token: row i predicts token i + 1 of the same segment, never across segments.
 *
 * @param rows row numbers, ascending
 * @param labels the token that each row should predict
 * @param weights that token's weight, never 0
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Targets(long[] rows, long[] labels, float[] weights) {
    /** {@code tokenWeights} has one weight a token, counted when the token is the target; the first token of a segment never is. */
    static Targets of(TokenBatch batch, float[] tokenWeights) {
        if (tokenWeights.length != batch.tokens()) {
            throw new IllegalArgumentException(
                    tokenWeights.length + " token weights for " + batch.tokens() + " tokens");
        }
        long[] ids = Torch.toLongs(batch.inputIds());
        long[] rows = new long[ids.length];
        long[] labels = new long[ids.length];
        float[] weights = new float[ids.length];
        int count = 0;
        int end = 0;
        for (int length : batch.segmentLengths()) {
            int start = end;
            end += length;
            for (int target = start + 1; target < end; target++) {
                if (tokenWeights[target] != 0) {
                    rows[count] = target - 1L;
                    labels[count] = ids[target];
                    weights[count++] = tokenWeights[target];
                }
            }
        }
        return new Targets(Arrays.copyOf(rows, count), Arrays.copyOf(labels, count), Arrays.copyOf(weights, count));
    }

    /** Those that some tokens predict, counted from the first of these. */
    Targets of(TokenShare.Range tokens) {
        int from = firstFrom(tokens.from());
        int to = firstFrom(tokens.to());
        long[] own = new long[to - from];
        for (int i = 0; i < own.length; i++) {
            own[i] = rows[from + i] - tokens.from();
        }
        return new Targets(own, Arrays.copyOfRange(labels, from, to), Arrays.copyOfRange(weights, from, to));
    }

    private int firstFrom(long row) {
        int found = Arrays.binarySearch(rows, row);
        return found < 0 ? -found - 1 : found;
    }

    int count() {
        return rows.length;
    }

    double weightSum() {
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        return sum;
    }
}
