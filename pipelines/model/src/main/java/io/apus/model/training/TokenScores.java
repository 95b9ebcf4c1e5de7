package io.apus.model.training;

import io.apus.model.DecoderModel;
import io.apus.model.layer.TokenBatch;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * How a model rates every token of a batch, given what precedes it in its segment.
 *
 * @param logProbabilities [tokens] natural logarithms; 0 for the first token of a segment, which nothing precedes
 * @param greedy [tokens] whether no other token was preferred; false for the first token of a segment
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record TokenScores(float[] logProbabilities, boolean[] greedy) {
    public static TokenScores of(DecoderModel model, TokenBatch batch) {
        float[] everyToken = new float[batch.tokens()];
        Arrays.fill(everyToken, 1);
        Targets targets = Targets.of(batch, everyToken);
        TokenScores scores = new TokenScores(new float[batch.tokens()], new boolean[batch.tokens()]);
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor hidden = model.hidden(batch, null);
            Tensor labels = model.device().longs(targets.labels());
            ChunkedSoftmax softmax = new ChunkedSoftmax(model.head(), hidden, targets.count());
            for (int at = 0; at < targets.count(); at += (int) softmax.chunkRows()) {
                try (Scope inner = Scope.open()) {
                    int rows = (int) Math.min(softmax.chunkRows(), targets.count() - at);
                    Tensor picked = model.device().longs(Arrays.copyOfRange(targets.rows(), at, at + rows));
                    Tensor hits = softmax.load(hidden.index_select(0, picked), labels.narrow(0, at, rows));
                    scores.fill(targets, at, Torch.toFloats(softmax.logProbabilities()), Torch.toLongs(hits));
                }
            }
        }
        return scores;
    }

    private void fill(Targets targets, int at, float[] values, long[] hits) {
        for (int i = 0; i < values.length; i++) {
            int token = (int) targets.rows()[at + i] + 1;
            logProbabilities[token] = values[i];
            greedy[token] = hits[i] != 0;
        }
    }
}
