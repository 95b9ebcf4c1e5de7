package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The plain feed-forward network: down(activation(up(x))). */
public record Mlp(ProjectionSlot up, ProjectionSlot down, Activation activation) implements FeedForward {
    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        return down.forward(activation.apply(up.forward(states, pass.training())), pass.training());
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of(up, down);
    }
}
