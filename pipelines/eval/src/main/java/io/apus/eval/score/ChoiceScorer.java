package io.apus.eval.score;

import io.apus.model.DecoderModel;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.TokenScores;
import io.apus.tensor.Scope;
import java.util.List;

/** Chooses among continuations of a prompt by their log-likelihood; all of them go through the model as segments of one batch. */
public final class ChoiceScorer {
    private ChoiceScorer() {}

    /**
     * Sum of log p(token | before) over each continuation, given the prompt.
     *
     * @param promptIds at least one token
     * @param continuations token ids of each choice, each at least one
     */
    public static double[] logLikelihoods(DecoderModel model, int[] promptIds, List<int[]> continuations) {
        if (promptIds.length == 0 || continuations.stream().anyMatch(ids -> ids.length == 0)) {
            throw new IllegalArgumentException("a prompt and its choices need at least one token each");
        }
        int[] lengths = continuations.stream()
                .mapToInt(ids -> promptIds.length + ids.length)
                .toArray();
        try (Scope scope = Scope.open()) {
            TokenScores scores = TokenScores.of(model, TokenBatch.of(flat(promptIds, continuations), lengths));
            return sums(scores.logProbabilities(), promptIds.length, lengths);
        }
    }

    private static long[] flat(int[] promptIds, List<int[]> continuations) {
        int total = continuations.stream()
                .mapToInt(ids -> promptIds.length + ids.length)
                .sum();
        long[] flat = new long[total];
        int at = 0;
        for (int[] continuation : continuations) {
            for (int id : promptIds) {
                flat[at++] = id;
            }
            for (int id : continuation) {
                flat[at++] = id;
            }
        }
        return flat;
    }

    private static double[] sums(float[] logProbabilities, int promptLength, int[] lengths) {
        double[] sums = new double[lengths.length];
        int begin = 0;
        for (int i = 0; i < lengths.length; i++) {
            for (int t = begin + promptLength; t < begin + lengths[i]; t++) {
                sums[i] += logProbabilities[t];
            }
            begin += lengths[i];
        }
        return sums;
    }

    /** Index of the largest value; the first of them on ties. */
    public static int best(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Log-likelihoods divided by the length of each choice in characters, as lm-evaluation-harness does for acc_norm. */
    public static double[] perCharacter(double[] logLikelihoods, List<String> choices) {
        double[] result = new double[logLikelihoods.length];
        for (int i = 0; i < result.length; i++) {
            String choice = choices.get(i);
            result[i] = logLikelihoods[i] / Math.max(1, choice.codePointCount(0, choice.length()));
        }
        return result;
    }
}
