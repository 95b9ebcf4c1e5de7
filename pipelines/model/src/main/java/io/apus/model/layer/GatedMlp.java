package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The gated feed-forward network: down(activation(gate(x)) * up(x)) (Shazeer, 2020). */
public record GatedMlp(ProjectionSlot gate, ProjectionSlot up, ProjectionSlot down, Activation activation)
        implements FeedForward {
    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        return forward(states, pass.training());
    }

    public Tensor forward(Tensor states, boolean training) {
        return down.forward(activation.gated(gate.forward(states, training), up.forward(states, training)), training);
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of(gate, up, down);
    }
}
