package io.apus.model.layer;

import org.bytedeco.pytorch.Tensor;

/**
 * Keys and values of one layer that every segment of a batch sees in front of its own.
 *
 * @param keys [count, keyValueHeads, keyDim]
 * @param values [count, keyValueHeads, valueDim]
 */
public record KeyPrefix(Tensor keys, Tensor values) {
    int count() {
        return Math.toIntExact(keys.size(0));
    }

    /** [batch, keyValueHeads, count, dim] of keys or values. */
    static Tensor spread(Tensor rows, long batch) {
        return rows.transpose(0, 1).unsqueeze(0).expand(batch, -1, -1, -1);
    }
}
