package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The gated feed-forward network: down(silu(gate(x)) * up(x)) (Shazeer, 2020). */
public record SwiGlu(ProjectionSlot gate, ProjectionSlot up, ProjectionSlot down) {
    Tensor forward(Tensor states, PassContext pass) {
        Tensor gated = torch.silu(gate.forward(states, pass.training()));
        return down.forward(gated.mul(up.forward(states, pass.training())), pass.training());
    }

    List<ProjectionSlot> slots() {
        return List.of(gate, up, down);
    }
}
