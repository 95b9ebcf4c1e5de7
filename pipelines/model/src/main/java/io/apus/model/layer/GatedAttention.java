package io.apus.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Attention whose result is multiplied, number by number, by the sigmoid of a gate (Qwen3-Next).
 *
 * @param query by head: its query, then its gate
 */
public record GatedAttention(
        int layer,
        ProjectionSlot query,
        ProjectionSlot key,
        ProjectionSlot value,
        HeadNorms norms,
        Rotary rotary,
        AttentionRule rule,
        ProjectionSlot output,
        int keyValueHeads,
        int headDim)
        implements TokenMixer {

    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        boolean training = pass.training();
        long tokens = states.size(0);
        Tensor both = query.forward(states, training).view(tokens, -1, 2L * headDim);
        Tensor queries = norms.query(both.narrow(2, 0, headDim));
        Tensor keys = norms.key(key.forward(states, training).view(tokens, keyValueHeads, headDim));
        Tensor values = value.forward(states, training).view(tokens, keyValueHeads, headDim);
        Tensor mixed = pass.attend(layer, pass.rotate(rotary, queries), pass.rotate(rotary, keys), values, rule);
        Tensor gate = both.narrow(2, headDim, headDim).reshape(tokens, -1).sigmoid();
        return output.forward(mixed.mul(gate), training);
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of(query, key, value, output);
    }

    @Override
    public List<Parameter> ownParameters() {
        return new ArrayList<>(norms.parameters());
    }

    @Override
    public CacheShape cacheShape() {
        return new CacheShape(keyValueHeads, headDim, headDim);
    }

    @Override
    public int window() {
        return rule.window();
    }
}
