package io.apus.model.layer;

import org.bytedeco.pytorch.Tensor;

/** What all layers share during one pass over a batch: rotations, segments, the cache, and whether dropout acts. */
public final class PassContext {
    private final Rotary.Angles angles;
    private final SegmentRuns segments;
    private final KvCache cache;
    private final boolean training;

    private PassContext(Rotary.Angles angles, SegmentRuns segments, KvCache cache, boolean training) {
        this.angles = angles;
        this.segments = segments;
        this.cache = cache;
        this.training = training;
    }

    /** A training pass: no cache, dropout acts. */
    public static PassContext training(Rotary rotary, TokenBatch batch) {
        return new PassContext(rotary.angles(batch.positionIds()), new SegmentRuns(batch.segmentLengths()), null, true);
    }

    /** A pass without dropout; {@code cacheOrNull} has been told of the batch by {@link KvCache#begin}. */
    public static PassContext inference(Rotary rotary, TokenBatch batch, KvCache cacheOrNull) {
        return new PassContext(
                rotary.angles(batch.positionIds()), new SegmentRuns(batch.segmentLengths()), cacheOrNull, false);
    }

    boolean training() {
        return training;
    }

    Tensor rotate(Tensor states) {
        return angles.rotate(states);
    }

    Tensor attend(int layer, Tensor query, Tensor key, Tensor value, int window, double scale) {
        return cache == null
                ? segments.attend(query, key, value, window, scale)
                : cache.attend(layer, query, key, value, window, scale);
    }
}
