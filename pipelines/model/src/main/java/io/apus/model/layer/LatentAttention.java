package io.apus.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Multi-head latent attention (DeepSeek-V2): keys and values of all heads come out of one narrow vector a token; positions are in a part
 * of queries and keys of its own, whose key all heads share.
 *
 * @param layer number of the layer, which is its place in a cache
 * @param query to [heads * (plain + turned)]
 * @param compressed to [latent + turned]: the narrow vector and the key's turned part
 * @param norm of the narrow vector
 * @param expanded from the narrow vector to [heads * (plain + valueDim)]
 * @param rotary turns the last part of queries and keys
 */
public record LatentAttention(
        int layer,
        LowRank query,
        ProjectionSlot compressed,
        Norm norm,
        ProjectionSlot expanded,
        ProjectionSlot output,
        Heads heads,
        Rotary rotary,
        AttentionRule rule)
        implements TokenMixer {

    /**
     * Sizes of a head.
     *
     * @param count of heads
     * @param plain part of queries and keys without positions
     * @param turned part with positions
     */
    public record Heads(int count, int plain, int turned, int valueDim) {}

    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        boolean training = pass.training();
        long tokens = states.size(0);
        Tensor queries = query.forward(states, training).view(tokens, heads.count(), -1);
        Tensor narrow = compressed.forward(states, training);
        long latent = narrow.size(1) - heads.turned();
        Tensor both = expanded.forward(norm.forward(narrow.narrow(1, 0, latent)), training)
                .view(tokens, heads.count(), -1);
        Tensor turned =
                pass.rotate(rotary, narrow.narrow(1, latent, heads.turned()).unsqueeze(1));
        Tensor keys = joined(both.narrow(2, 0, heads.plain()), turned.expand(tokens, heads.count(), heads.turned()));
        Tensor values = both.narrow(2, heads.plain(), heads.valueDim());
        return output.forward(pass.attend(layer, turnedLast(queries, pass), keys, values, rule), training);
    }

    private Tensor turnedLast(Tensor queries, PassContext pass) {
        Tensor turned = pass.rotate(rotary, queries.narrow(2, heads.plain(), heads.turned()));
        return joined(queries.narrow(2, 0, heads.plain()), turned);
    }

    private static Tensor joined(Tensor plain, Tensor turned) {
        return torch.cat(new TensorVector(plain, turned), 2);
    }

    @Override
    public List<ProjectionSlot> slots() {
        List<ProjectionSlot> all = new ArrayList<>(query.slots());
        all.addAll(List.of(compressed, expanded, output));
        return all;
    }

    @Override
    public List<Parameter> ownParameters() {
        List<Parameter> all = new ArrayList<>(query.ownParameters());
        all.addAll(norm.parameters());
        return all;
    }

    @Override
    public CacheShape cacheShape() {
        return new CacheShape(heads.count(), (long) heads.plain() + heads.turned(), heads.valueDim());
    }

    @Override
    public int window() {
        return rule.window();
    }
}
