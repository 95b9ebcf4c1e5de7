package io.apus.train.loop;

import io.apus.model.layer.OutputHead;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.LossStatistics;
import io.apus.shards.ShardReader;
import io.apus.tensor.Scope;
import io.apus.train.objective.Objective;
import io.apus.train.order.RowTokens;
import io.apus.train.order.ShardBatches;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.pipeline.Passing;
import java.util.stream.IntStream;

/**
 * Measures the model on the validation rows; pass m of {@code batchRows} rows falls to the m-th rank of those that hold the same weights, modulo their number.
 *
 * @param validation the rows
 * @param batchRows rows of one pass
 */
public record Evaluator(
        OutputHead head, Passing passing, Objective objective, ShardReader validation, int batchRows, Grid grid) {
    Evaluation evaluate() {
        long start = System.nanoTime();
        int rows = Math.toIntExact(validation.rows());
        LossStatistics own = LossStatistics.ZERO;
        int stride = batchRows * grid.sums().size();
        for (int first = 0; first < rows; first += stride) {
            int from = first + batchRows * grid.sums().rank();
            if (from < rows) {
                own = own.plus(measure(ShardBatches.read(
                        validation,
                        IntStream.range(from, Math.min(rows, from + batchRows)).toArray())));
            } else if (grid.inStep()) {
                measure(ShardBatches.read(validation, new int[] {0}).unweighted());
            } else {
                passing.idle();
            }
        }
        LossStatistics total = Totals.over(grid, own);
        double accuracy = total.targets() == 0 ? 0 : (double) total.correct() / total.targets();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Evaluation(
                total.lossSum() / total.weightSum(),
                accuracy,
                validation.manifest().tokens(),
                seconds);
    }

    private LossStatistics measure(RowTokens tokens) {
        try (Scope scope = Scope.open()) {
            TokenBatch batch = TokenBatch.of(tokens.inputIds(), tokens.segmentLengths());
            return passing.hidden(batch)
                    .map(hidden -> objective.measure(hidden, head, batch, tokens.lossWeights()))
                    .orElse(LossStatistics.ZERO);
        }
    }
}
