package io.apus.model.layer;

import io.apus.tensor.Device;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Attention within {@link AttentionGroups}: the first half of all heads in groups, the second in shifted ones. */
final class GroupedRuns {
    private final AttentionGroups groups;
    private final SegmentRuns straight;
    private final SegmentRuns shifted;

    GroupedRuns(AttentionGroups groups, int[] segmentLengths, Device device) {
        this.groups = groups;
        this.straight = new SegmentRuns(groups.lengths(segmentLengths, false), device);
        this.shifted = new SegmentRuns(groups.lengths(segmentLengths, true), device);
    }

    /** Shapes as {@link SegmentRuns#attend}; the rule must treat all heads alike. */
    Tensor attend(Tensor query, Tensor key, Tensor value, AttentionRule rule) {
        long heads = query.size(1);
        long unshifted = groups.straight(heads);
        if (unshifted == 0 || unshifted == heads) {
            return (unshifted == 0 ? shifted : straight).attend(query, key, value, rule, null);
        }
        // A key that queries on both sides look at is needed on both.
        boolean shared = unshifted * key.size(1) % heads > 0;
        Tensor keys = shared ? spread(key, heads) : key;
        Tensor values = shared ? spread(value, heads) : value;
        long before = unshifted * keys.size(1) / heads;
        Tensor first = straight.attend(
                query.narrow(1, 0, unshifted), keys.narrow(1, 0, before), values.narrow(1, 0, before), rule, null);
        Tensor second = shifted.attend(rest(query, unshifted), rest(keys, before), rest(values, before), rule, null);
        return torch.cat(new TensorVector(first, second), 1);
    }

    private static Tensor rest(Tensor states, long before) {
        return states.narrow(1, before, states.size(1) - before);
    }

    private static Tensor spread(Tensor states, long heads) {
        return states.repeat_interleave(heads / states.size(1), new LongOptional(1), new LongOptional());
    }
}
