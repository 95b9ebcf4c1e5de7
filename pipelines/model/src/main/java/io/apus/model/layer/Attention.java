package io.apus.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Grouped-query self-attention.
 *
 * @param layer number of the layer, which is its place in a cache
 * @param rotary turns queries and keys by their positions, in layers that do
 */
public record Attention(
        int layer,
        QueryKeyValue heads,
        Optional<HeadNorms> norms,
        Optional<Rotary> rotary,
        AttentionRule rule,
        ProjectionSlot output)
        implements TokenMixer {

    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        QueryKeyValue.Heads split = heads.forward(states, pass);
        Tensor query = split.query();
        Tensor key = split.key();
        boolean early = norms.isPresent() && !norms.get().afterRotation();
        if (early) {
            query = norms.get().query(query);
            key = norms.get().key(key);
        }
        if (rotary.isPresent()) {
            query = pass.rotate(rotary.get(), query);
            key = pass.rotate(rotary.get(), key);
        }
        if (norms.isPresent() && !early) {
            query = norms.get().query(query);
            key = norms.get().key(key);
        }
        return output.forward(pass.attend(layer, query, key, split.value(), rule), pass.training());
    }

    @Override
    public List<ProjectionSlot> slots() {
        List<ProjectionSlot> all = new ArrayList<>(heads.slots());
        all.add(output);
        return all;
    }

    @Override
    public List<Parameter> ownParameters() {
        List<Parameter> all = new ArrayList<>();
        norms.ifPresent(both -> all.addAll(both.parameters()));
        rule.sinks().ifPresent(all::add);
        return all;
    }

    @Override
    public CacheShape cacheShape() {
        return new CacheShape(heads.keyValueHeads(), heads.headDim(), heads.headDim());
    }

    @Override
    public int window() {
        return rule.window();
    }
}
