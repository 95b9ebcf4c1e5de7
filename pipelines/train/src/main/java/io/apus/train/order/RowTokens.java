package io.apus.train.order;

/**
 * Rows laid one after the other.
 *
 * @param inputIds token ids, length N
 * @param lossWeights weight of each token as a target, length N
 * @param segmentLengths tokens of each sample; they sum to N
 */
@SuppressWarnings("ArrayRecordComponent") // tokens go to tensors as arrays and are compared by nobody
public record RowTokens(long[] inputIds, float[] lossWeights, int[] segmentLengths) {
    public int length() {
        return inputIds.length;
    }
}
