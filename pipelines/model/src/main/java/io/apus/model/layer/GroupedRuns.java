package io.apus.model.layer;

import io.apus.tensor.Device;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Attention within {@link AttentionGroups}: the first half of the heads in groups, the second in shifted ones. */
final class GroupedRuns {
    private final SegmentRuns straight;
    private final SegmentRuns shifted;

    GroupedRuns(AttentionGroups groups, int[] segmentLengths, Device device) {
        this.straight = new SegmentRuns(groups.lengths(segmentLengths, false), device);
        this.shifted = new SegmentRuns(groups.lengths(segmentLengths, true), device);
    }

    /** Shapes as {@link SegmentRuns#attend}; the rule must treat all heads alike. */
    Tensor attend(Tensor query, Tensor key, Tensor value, AttentionRule rule) {
        long heads = query.size(1);
        boolean even = key.size(1) % 2 == 0;
        Tensor keys = even ? key : spread(key, heads);
        Tensor values = even ? value : spread(value, heads);
        Tensor first = straight.attend(half(query, 0), half(keys, 0), half(values, 0), rule, null);
        Tensor second = shifted.attend(half(query, 1), half(keys, 1), half(values, 1), rule, null);
        return torch.cat(new TensorVector(first, second), 1);
    }

    private static Tensor half(Tensor states, long which) {
        long count = states.size(1) / 2;
        return states.narrow(1, which * count, count);
    }

    private static Tensor spread(Tensor states, long heads) {
        return states.repeat_interleave(heads / states.size(1), new LongOptional(1), new LongOptional());
    }
}
