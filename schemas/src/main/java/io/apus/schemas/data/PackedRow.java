package io.apus.schemas.data;

import java.util.List;

/**
 * One row of a shard: whole samples one after the other, at most {@code max_length} tokens, without padding.
 *
 * @param inputIds token ids of all samples, length N
 * @param lossWeights weight of each token as a target, length N; the first token of each sample has weight 0
 * @param segmentLengths tokens of each conversation, in order; they sum to N
 * @param sampleIds {@link TokenRow#id()} of each conversation
 */
@SuppressWarnings("ArrayRecordComponent")
public record PackedRow(int[] inputIds, float[] lossWeights, int[] segmentLengths, List<String> sampleIds) {
    public PackedRow {
        int total = 0;
        for (int length : segmentLengths) {
            total += length;
        }
        if (total != inputIds.length
                || lossWeights.length != inputIds.length
                || sampleIds.size() != segmentLengths.length) {
            throw new IllegalArgumentException(
                    "a packed row's segments cover " + total + " tokens for " + inputIds.length + " ids, "
                            + lossWeights.length + " weights and " + sampleIds.size() + " samples");
        }
        sampleIds = List.copyOf(sampleIds);
    }

    /** Positions that restart at 0 with every sample, length N. */
    public int[] positionIds() {
        int[] positions = new int[inputIds.length];
        int at = 0;
        for (int length : segmentLengths) {
            for (int i = 0; i < length; i++) {
                positions[at++] = i;
            }
        }
        return positions;
    }

    /** Sum of the loss weights, added in order in double precision. */
    public double lossWeightSum() {
        double sum = 0;
        for (float weight : lossWeights) {
            sum += weight;
        }
        return sum;
    }
}
