package io.apus.model.layer;

import io.apus.tensor.Device;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** What all layers share during one pass over a batch: rotations, segments, the cache, and whether dropout acts. */
public final class PassContext {
    private final Map<Rotary, Rotary.Angles> angles = new HashMap<>();
    private final int[] segmentLengths;
    private final int leading;
    private final SegmentRuns segments;
    private final KvCache cache;
    private final boolean training;
    private final boolean balanced;
    private final GroupedRuns groups;
    private final TokenShare share;
    private RouterScores routed;

    private KeyPrefix prefix;

    private PassContext(
            List<Rotary> rotaries,
            TokenBatch batch,
            KvCache cache,
            boolean training,
            boolean balanced,
            AttentionGroups groups,
            TokenShare share) {
        this.share = share;
        TokenPart own = share.of(batch.tokens());
        rotaries.forEach(
                rotary -> angles.computeIfAbsent(rotary, r -> r.angles(batch).part(own)));
        Device device = Device.of(batch.inputIds());
        this.segmentLengths = batch.segmentLengths();
        this.leading = batch.leading();
        this.segments = new SegmentRuns(
                leading == 0 ? segmentLengths : Arrays.copyOfRange(segmentLengths, 1, segmentLengths.length), device);
        this.cache = cache;
        this.training = training;
        this.balanced = balanced;
        this.groups = groups.act() ? new GroupedRuns(groups, segmentLengths, device) : null;
    }

    /** A training pass: no cache, dropout acts. */
    public static PassContext training(List<Rotary> rotaries, TokenBatch batch) {
        return training(rotaries, batch, false, AttentionGroups.none(), TokenShare.all());
    }

    /**
     * A training pass in which tokens see their groups alone.
     *
     * @param balanced whether routers leave their scores, see {@link #takeRouted}
     * @param share the tokens of {@code batch} that the pass computes
     */
    public static PassContext training(
            List<Rotary> rotaries, TokenBatch batch, boolean balanced, AttentionGroups groups, TokenShare share) {
        return new PassContext(rotaries, batch, null, true, balanced, groups, share);
    }

    /** A pass without dropout; {@code cacheOrNull} has been told of the batch by {@link KvCache#begin}. */
    public static PassContext inference(List<Rotary> rotaries, TokenBatch batch, KvCache cacheOrNull) {
        return new PassContext(rotaries, batch, cacheOrNull, false, false, AttentionGroups.none(), TokenShare.all());
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
        return angles.get(rotary).on(Device.of(states)).rotate(states);
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

    /** What every segment sees in front of its own from now on, in the one layer that is being computed; null for nothing. */
    public void prefix(KeyPrefix seen) {
        prefix = seen;
    }

    /** Each segment's rows since the start of its text, [tokens, width]: of {@code rows}, [tokens, width], and what the cache holds. */
    List<Tensor> histories(int layer, Tensor rows) {
        return cache == null ? segments.histories(rows) : cache.histories(layer, rows);
    }

    /** Attention within segments: query [tokens, heads, keyDim], key and value by key-value heads; gives [tokens, heads * valueDim]. */
    public Tensor attend(int layer, Tensor query, Tensor key, Tensor value, AttentionRule rule) {
        return share.attend(segmentLengths, rule, query, key, value, (q, k, v) -> attendAll(layer, q, k, v, rule));
    }

    private Tensor attendAll(int layer, Tensor query, Tensor key, Tensor value, AttentionRule rule) {
        if (groups != null) {
            return groups.attend(query, key, value, rule);
        }
        if (leading > 0) {
            return attendLed(layer, query, key, value, rule);
        }
        KeyPrefix seen = prefix != null || cache == null ? prefix : cache.leading(layer);
        return attendSegments(layer, query, key, value, rule, seen);
    }

    private Tensor attendLed(int layer, Tensor query, Tensor key, Tensor value, AttentionRule rule) {
        long rest = query.size(0) - leading;
        KeyPrefix seen = new KeyPrefix(key.narrow(0, 0, leading), value.narrow(0, 0, leading));
        if (cache != null) {
            cache.lead(layer, seen);
        }
        Tensor first = new SegmentRuns(new int[] {leading}, Device.of(query))
                .attend(query.narrow(0, 0, leading), seen.keys(), seen.values(), rule, null);
        Tensor others = attendSegments(
                layer,
                query.narrow(0, leading, rest),
                key.narrow(0, leading, rest),
                value.narrow(0, leading, rest),
                rule,
                seen);
        return torch.cat(new TensorVector(first, others), 0);
    }

    private Tensor attendSegments(
            int layer, Tensor query, Tensor key, Tensor value, AttentionRule rule, KeyPrefix seen) {
        return cache == null
                ? segments.attend(query, key, value, rule, seen)
                : cache.attend(layer, query, key, value, rule, seen);
    }
}
