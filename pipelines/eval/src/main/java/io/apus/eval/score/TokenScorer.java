package io.apus.eval.score;

import io.apus.model.DecoderModel;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.TokenScores;
import io.apus.schemas.data.PackedRow;
import io.apus.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Teacher-forced loss and token accuracy of packed rows, told apart by sample. */
public final class TokenScorer {
    private TokenScorer() {}

    /** One result per sample of the row, in order; a sample without supervised tokens has weight 0. */
    public static List<SampleLoss> score(DecoderModel model, PackedRow row) {
        try (Scope scope = Scope.open()) {
            long[] ids = Arrays.stream(row.inputIds()).asLongStream().toArray();
            TokenScores scores = TokenScores.of(model, TokenBatch.of(ids, row.segmentLengths()));
            return bySample(row, scores.logProbabilities(), scores.greedy());
        }
    }

    /**
     * @param logProbabilities of each token given those before it, [N]
     * @param greedy whether each token was the most probable one, [N]
     */
    static List<SampleLoss> bySample(PackedRow row, float[] logProbabilities, boolean[] greedy) {
        List<SampleLoss> results = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < row.segmentLengths().length; i++) {
            int end = begin + row.segmentLengths()[i];
            results.add(sum(row.sampleIds().get(i), row.lossWeights(), logProbabilities, greedy, begin, end));
            begin = end;
        }
        return results;
    }

    private static SampleLoss sum(
            String sample, float[] weights, float[] logProbabilities, boolean[] greedy, int begin, int end) {
        double loss = 0;
        double weight = 0;
        long correct = 0;
        long targets = 0;
        // A sample's first token has nothing before it that could predict it.
        for (int t = begin + 1; t < end; t++) {
            if (weights[t] != 0) {
                loss -= (double) weights[t] * logProbabilities[t];
                weight += weights[t];
                correct += greedy[t] ? 1 : 0;
                targets++;
            }
        }
        return new SampleLoss(sample, loss, weight, correct, targets);
    }
}
