package io.apus.model.layer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** What all layers share during one pass over a batch: rotations, segments, the cache, and whether dropout acts. */
public final class PassContext {
    private final Map<Rotary, Rotary.Angles> angles = new HashMap<>();
    private final int[] segmentLengths;
    private final SegmentRuns segments;
    private final KvCache cache;
    private final boolean training;
    private final boolean balanced;
    private RouterScores routed;

    private PassContext(List<Rotary> rotaries, TokenBatch batch, KvCache cache, boolean training, boolean balanced) {
        rotaries.forEach(rotary -> angles.computeIfAbsent(rotary, r -> r.angles(batch)));
        this.segmentLengths = batch.segmentLengths();
        this.segments = new SegmentRuns(segmentLengths);
        this.cache = cache;
        this.training = training;
        this.balanced = balanced;
    }

    /** A training pass: no cache, dropout acts. */
    public static PassContext training(List<Rotary> rotaries, TokenBatch batch) {
        return training(rotaries, batch, false);
    }

    /**
     * A training pass that may look at the routers.
     *
     * @param balanced whether routers leave their scores, see {@link #takeRouted}
     */
    public static PassContext training(List<Rotary> rotaries, TokenBatch batch, boolean balanced) {
        return new PassContext(rotaries, batch, null, true, balanced);
    }

    /** A pass without dropout; {@code cacheOrNull} has been told of the batch by {@link KvCache#begin}. */
    public static PassContext inference(List<Rotary> rotaries, TokenBatch batch, KvCache cacheOrNull) {
        return new PassContext(rotaries, batch, cacheOrNull, false, false);
    }

    public boolean training() {
        return training;
    }

    /** Tokens of each segment of the batch, in order. */
    public int[] segmentLengths() {
        return segmentLengths.clone();
    }

    /** Rotates [tokens, heads, headDim] by the tokens' positions. */
    public Tensor rotate(Rotary rotary, Tensor states) {
        return angles.get(rotary).rotate(states);
    }

    /** Whether a router leaves its scores. */
    public boolean balanced() {
        return balanced;
    }

    /** Leaves what a router thought of the tokens for whoever balances the load of experts. */
    public void routed(RouterScores scores) {
        routed = scores;
    }

    /** What a router has left since the last call; null where none has. */
    public RouterScores takeRouted() {
        RouterScores left = routed;
        routed = null;
        return left;
    }

    /** Each segment's rows since the start of its text, [tokens, width]: of {@code rows}, [tokens, width], and what the cache holds. */
    List<Tensor> histories(int layer, Tensor rows) {
        return cache == null ? segments.histories(rows) : cache.histories(layer, rows);
    }

    /** Attention within segments: query [tokens, heads, keyDim], key and value by key-value heads; gives [tokens, heads * valueDim]. */
    public Tensor attend(int layer, Tensor query, Tensor key, Tensor value, AttentionRule rule) {
        return cache == null ? segments.attend(query, key, value, rule) : cache.attend(layer, query, key, value, rule);
    }
}
