package io.apus.model.layer;

import io.apus.tensor.Device;
import io.apus.tensor.Kernels;
import io.apus.tensor.Torch;
import java.util.Optional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * How scores between queries and keys become weights.
 *
 * @param window tokens that a query sees, itself included; 0 for all
 * @param scale of the products of queries and keys
 * @param softcap scores become softcap * tanh(score / softcap) (Gemma 2); 0 for none
 * @param sinks [heads]: one more score in each softmax that no value belongs to (gpt-oss)
 * @param alibi biases by distance
 */
public record AttentionRule(
        int window, double scale, double softcap, Optional<Parameter> sinks, Optional<Alibi> alibi) {
    /** Plain attention. */
    public static AttentionRule of(int window, double scale) {
        return new AttentionRule(window, scale, 0, Optional.empty(), Optional.empty());
    }

    public AttentionRule withSoftcap(double cap) {
        return new AttentionRule(window, scale, cap, sinks, alibi);
    }

    public AttentionRule withSinks(Parameter parameter) {
        return new AttentionRule(window, scale, softcap, Optional.of(parameter), alibi);
    }

    public AttentionRule withAlibi(Alibi biases) {
        return new AttentionRule(window, scale, softcap, sinks, Optional.of(biases));
    }

    /** Whether scores become weights by a softmax alone. */
    boolean isPlain() {
        return softcap == 0 && sinks.isEmpty() && alibi.isEmpty();
    }

    /**
     * Mixes values by the weights of their keys.
     *
     * @param query [batch, heads, queries, keyDim]; the last keys are the queries' own
     * @param key [batch, keyValueHeads, keys, keyDim]
     * @param value [batch, keyValueHeads, keys, valueDim]
     * @param maskOrNull broadcastable to [batch, heads, queries, keys], true where a query sees a key
     * @param causal instead of a mask, with as many queries as keys
     * @return [batch, heads, queries, valueDim]
     */
    Tensor apply(Tensor query, Tensor key, Tensor value, Tensor maskOrNull, boolean causal) {
        if (isPlain()) {
            return Kernels.attention(query, key, value, maskOrNull, causal, scale);
        }
        Tensor mask = causal ? SegmentRuns.band(Device.of(query), 0, query.size(2), 0) : maskOrNull;
        if (softcap == 0 && sinks.isEmpty()) {
            Tensor biases = alibi.get().biases(Device.of(key), key.size(2));
            return Kernels.attention(query, key, value, mask == null ? biases : hide(biases, mask), false, scale);
        }
        return eager(query, key, value, mask);
    }

    private Tensor eager(Tensor query, Tensor key, Tensor value, Tensor maskOrNull) {
        long share = query.size(1) / key.size(1);
        Tensor scores = query.matmul(spread(key, share).transpose(2, 3)).mul(Torch.scalar(scale));
        if (softcap > 0) {
            scores = scores.div(Torch.scalar(softcap)).tanh().mul(Torch.scalar(softcap));
        }
        if (alibi.isPresent()) {
            scores = scores.add(alibi.get().biases(Device.of(key), key.size(2)));
        }
        if (maskOrNull != null) {
            scores = hide(scores, maskOrNull);
        }
        return weights(scores).matmul(spread(value, share));
    }

    private Tensor weights(Tensor scores) {
        if (sinks.isEmpty()) {
            return scores.softmax(-1);
        }
        Tensor sink = sinks.get().tensor().view(1, -1, 1, 1).expand(scores.size(0), -1, scores.size(2), 1);
        return torch.cat(new TensorVector(scores, sink), 3).softmax(-1).narrow(3, 0, scores.size(3));
    }

    private static Tensor spread(Tensor heads, long share) {
        return share == 1 ? heads : heads.repeat_interleave(share, new LongOptional(1), new LongOptional());
    }

    private static Tensor hide(Tensor scores, Tensor seen) {
        return torch.where(seen, scores, Torch.scalar(Double.NEGATIVE_INFINITY));
    }
}
