package io.apus.schemas.data;

/**
 * A sample as tokens.
 *
 * @param key the sample
 * @param split {@code train} or {@code validation}
 * @param part 0, or the index of the piece when {@code truncation_strategy: split} cut the sample
 * @param inputIds token ids, length T
 * @param lossWeights weight of each token as a target, length T: 0 is not trained on. Weight t belongs to token t (it is the loss of
 *     predicting token t from the tokens before it), so the first one never counts
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenRow(SampleKey key, String split, int part, int[] inputIds, float[] lossWeights) {
    public TokenRow {
        if (inputIds.length != lossWeights.length) {
            throw new IllegalArgumentException(
                    key.id() + ": " + inputIds.length + " tokens but " + lossWeights.length + " loss weights");
        }
    }

    public int length() {
        return inputIds.length;
    }
}
