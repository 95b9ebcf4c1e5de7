package io.apus.model.tuner.prompt;

import io.apus.model.layer.Cut;
import io.apus.model.layer.KeyPrefix;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.TokenMixer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A token mixer in which every segment sees trained keys and values in front of its own.
 *
 * @param prefix [count, keys then values of all heads]
 */
public record PrefixedMixer(TokenMixer inner, Parameter prefix) implements TokenMixer {
    /**
     * Which columns of the prefix are of some heads.
     *
     * @param heads of those that a cache keeps
     */
    public Cut columns(Cut heads) {
        CacheShape shape = inner.cacheShape();
        long keys = shape.heads() * shape.keyDim();
        List<Cut.Span> spans = new ArrayList<>(heads.times(shape.keyDim()).spans());
        for (Cut.Span values : heads.times(shape.valueDim()).spans()) {
            spans.add(new Cut.Span(keys + values.from(), keys + values.to()));
        }
        return new Cut(keys + shape.heads() * shape.valueDim(), spans);
    }

    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        CacheShape shape = inner.cacheShape();
        long keys = shape.heads() * shape.keyDim();
        Tensor all = prefix.tensor();
        pass.prefix(new KeyPrefix(
                all.narrow(1, 0, keys).reshape(all.size(0), shape.heads(), shape.keyDim()),
                all.narrow(1, keys, all.size(1) - keys).reshape(all.size(0), shape.heads(), shape.valueDim())));
        try {
            return inner.forward(states, pass);
        } finally {
            pass.prefix(null);
        }
    }

    @Override
    public List<ProjectionSlot> slots() {
        return inner.slots();
    }

    @Override
    public List<Parameter> ownParameters() {
        List<Parameter> all = new ArrayList<>(inner.ownParameters());
        all.add(prefix);
        return all;
    }

    @Override
    public CacheShape cacheShape() {
        return inner.cacheShape();
    }

    @Override
    public int window() {
        return inner.window();
    }
}
