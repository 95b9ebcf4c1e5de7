package io.apus.schemas.data;

/**
 * A sample as tokens.
 *
 * @param key the sample
 * @param split {@code train} or {@code validation}
 * @param part 0, or the index of the piece when {@code truncation_strategy: split} cut the sample
 * @param member position in the sample's group of conversations (a preference pair, a ranking group), from 0; 0 where it is alone. The
 *     members of a group are neighbours in one packed row
 * @param kind what the conversation is to its group, one of {@link Kinds}
 * @param inputIds token ids, length T
 * @param lossWeights weight of each token as a target, length T: 0 is not trained on. Weight t belongs to token t (it is the loss of
 *     predicting token t from the tokens before it), so the first one never counts
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenRow(
        SampleKey key, String split, int part, int member, String kind, int[] inputIds, float[] lossWeights) {
    /** What a conversation is to its group. */
    public static final class Kinds {
        /** The sample's own conversation: the only one, or the chosen one of a pair, or the anchor of a ranking group. */
        public static final String MESSAGES = "messages";

        public static final String REJECTED = "rejected";
        public static final String POSITIVE = "positive";
        public static final String NEGATIVE = "negative";

        private Kinds() {}
    }

    public TokenRow {
        if (inputIds.length != lossWeights.length) {
            throw new IllegalArgumentException(
                    key.id() + ": " + inputIds.length + " tokens but " + lossWeights.length + " loss weights");
        }
    }

    /** A conversation that is alone. */
    public static TokenRow single(SampleKey key, String split, int part, int[] inputIds, float[] lossWeights) {
        return new TokenRow(key, split, part, 0, Kinds.MESSAGES, inputIds, lossWeights);
    }

    /**
     * The id that shards carry: {@link SampleKey#id()}, {@code /part} of a split sample, and for the others of a group {@code #kind.member},
     * e.g. {@code pairs.json:17#rejected.1}.
     */
    public String id() {
        String piece = part == 0 ? "" : "/" + part;
        return key.id() + piece + (kind.equals(Kinds.MESSAGES) ? "" : "#" + kind + "." + member);
    }

    public int length() {
        return inputIds.length;
    }
}
