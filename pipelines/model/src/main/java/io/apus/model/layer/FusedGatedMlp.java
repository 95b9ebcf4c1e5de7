package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** {@link GatedMlp} whose gate and up are one linear map: its first half of rows is the gate, the second up. */
public record FusedGatedMlp(ProjectionSlot gateUp, ProjectionSlot down, Activation activation) implements FeedForward {
    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        Tensor both = gateUp.forward(states, pass.training());
        long half = both.size(1) / 2;
        Tensor gated = activation.gated(both.narrow(1, 0, half), both.narrow(1, half, half));
        return down.forward(gated, pass.training());
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of(gateUp, down);
    }
}
