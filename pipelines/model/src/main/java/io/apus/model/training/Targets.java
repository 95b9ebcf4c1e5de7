package io.apus.model.training;

import io.apus.model.layer.TokenBatch;
import io.apus.model.layer.TokenPart;
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

    /** Those that some tokens predict; their rows are counted among these. */
    Targets of(TokenPart tokens) {
        long[] ownRows = new long[count()];
        long[] ownLabels = new long[count()];
        float[] ownWeights = new float[count()];
        int count = 0;
        int before = 0;
        for (TokenPart.Run run : tokens.runs()) {
            for (int i = firstFrom(run.from()); i < firstFrom(run.to()); i++) {
                ownRows[count] = before + rows[i] - run.from();
                ownLabels[count] = labels[i];
                ownWeights[count++] = weights[i];
            }
            before += run.count();
        }
        return new Targets(
                Arrays.copyOf(ownRows, count), Arrays.copyOf(ownLabels, count), Arrays.copyOf(ownWeights, count));
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
