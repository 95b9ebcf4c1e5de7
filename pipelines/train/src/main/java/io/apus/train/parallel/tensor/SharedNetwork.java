package io.apus.train.parallel.tensor;

import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.ProjectionSlot;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A feed-forward network of whose inner numbers each rank computes some. */
record SharedNetwork(FeedForward own, TensorGroup group) implements FeedForward {
    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        return own.forward(group.copy(states), pass);
    }

    @Override
    public List<ProjectionSlot> slots() {
        return own.slots();
    }

    @Override
    public List<Parameter> ownParameters() {
        return own.ownParameters();
    }
}
