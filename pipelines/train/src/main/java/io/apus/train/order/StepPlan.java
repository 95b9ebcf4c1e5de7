package io.apus.train.order;

import io.apus.schemas.spec.TrainSpec;
import java.util.function.IntUnaryOperator;

/**
 * Which rows each step of a run trains on. Nothing here knows of ranks: a run that goes on with another number of them sees the same steps.
 *
 * @param rows rows of the training split
 * @param globalBatch rows of a step; the last step of an epoch may have fewer
 * @param microBatch rows of one forward pass
 * @param totalSteps steps of the whole run
 * @param seed seed of the order
 * @param shuffled whether every epoch has its own order, or all have that of the shards
 * @param grouped whether rows of about the same length come together, see {@link LengthGroups}
 */
public record StepPlan(
        int rows, int globalBatch, int microBatch, int totalSteps, long seed, boolean shuffled, boolean grouped) {
    public StepPlan {
        if (rows < 1 || globalBatch < 1 || microBatch < 1 || totalSteps < 1) {
            throw new IllegalArgumentException("nothing to plan: " + rows + " rows, " + globalBatch + " a step, "
                    + microBatch + " a pass, " + totalSteps + " steps");
        }
    }

    /** As transformers counts: {@code max_steps}, or the epochs times the steps of one, rounded up. */
    public static StepPlan of(int rows, TrainSpec spec, long seed) {
        int globalBatch = spec.globalBatchSize();
        int perEpoch = ceilDiv(rows, globalBatch);
        int total = spec.maxSteps() > 0 ? spec.maxSteps() : (int) Math.ceil(spec.numTrainEpochs() * perEpoch);
        return new StepPlan(
                rows,
                globalBatch,
                spec.perDeviceTrainBatchSize(),
                total,
                seed,
                spec.trainDataloaderShuffle(),
                spec.groupByLength());
    }

    public int stepsPerEpoch() {
        return ceilDiv(rows, globalBatch);
    }

    /** Epoch that {@code step} (from 0) belongs to. */
    public int epochOf(int step) {
        return step / stepsPerEpoch();
    }

    /** Epochs done after {@code steps} steps, with the fraction of the current one. */
    public double epochsAfter(int steps) {
        long inEpoch = (long) (steps % stepsPerEpoch()) * globalBatch;
        return epochOf(steps) + (double) inEpoch / rows;
    }

    /**
     * The order of the rows in an epoch.
     *
     * @param length tokens of a row, asked only where rows are grouped by it
     */
    public int[] order(int epoch, IntUnaryOperator length) {
        int[] order = shuffled ? Shuffle.permutation(rows, seed, epoch) : Shuffle.identity(rows);
        return grouped ? LengthGroups.of(order, length, globalBatch) : order;
    }

    /** Seed of everything random in one forward pass, whichever rank does it. */
    public long passSeed(int step, int microBatchIndex) {
        return Mixing.derive(seed, step, microBatchIndex);
    }

    private static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }
}
