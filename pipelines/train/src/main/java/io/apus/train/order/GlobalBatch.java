package io.apus.train.order;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows of one step over all ranks.
 *
 * @param step number of the step, from 0
 * @param microBatches all its forward passes, in order
 * @param weightSum sum of the loss weights of all its rows
 * @param tokens tokens of all its rows
 */
public record GlobalBatch(int step, List<MicroBatch> microBatches, double weightSum, long tokens) {
    public GlobalBatch {
        microBatches = List.copyOf(microBatches);
    }

    /** The passes that fall to {@code replica}: every {@code replicas}-th one. */
    public List<MicroBatch> of(int replica, int replicas) {
        List<MicroBatch> own = new ArrayList<>();
        for (int i = replica; i < microBatches.size(); i += replicas) {
            own.add(microBatches.get(i));
        }
        return own;
    }

    /** What every weighted token loss is multiplied by, so that the step's loss is a mean over its global batch; 0 when nothing counts. */
    public double scale() {
        return weightSum > 0 ? 1 / weightSum : 0;
    }
}
