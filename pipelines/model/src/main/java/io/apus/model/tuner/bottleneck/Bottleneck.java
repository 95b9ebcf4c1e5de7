package io.apus.model.tuner.bottleneck;

import io.apus.model.layer.Activation;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.SurroundedNetwork;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A feed-forward network with a narrow one behind it, whose result is added: y + up(activation(down(y))) (Houlsby et al., 2019).
 *
 * @param added weight [width, hiddenSize] and bias [width] of down, weight [hiddenSize, width] and bias [hiddenSize] of up
 */
record Bottleneck(FeedForward inner, Activation activation, List<Parameter> added) implements SurroundedNetwork {
    @Override
    public Bottleneck around(FeedForward other) {
        return new Bottleneck(other, activation, added);
    }

    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        Tensor result = inner.forward(states, pass);
        Tensor narrow = activation.function().apply(linear(result, 0));
        return result.add(linear(narrow, 2));
    }

    private Tensor linear(Tensor input, int first) {
        Parameter bias = added.get(first + 1);
        return torch.linear(input, added.get(first).tensor(), new TensorOptional(bias.tensor()));
    }

    @Override
    public List<ProjectionSlot> slots() {
        return inner.slots();
    }

    @Override
    public Sparse sparse() {
        return inner.sparse();
    }

    @Override
    public long width() {
        return inner.width();
    }

    @Override
    public List<Parameter> ownParameters() {
        List<Parameter> all = new ArrayList<>(inner.ownParameters());
        all.addAll(added);
        return all;
    }
}
