package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Three linear maps: q_proj, k_proj and v_proj. */
public record SeparateHeads(
        ProjectionSlot query, ProjectionSlot key, ProjectionSlot value, int keyValueHeads, int headDim)
        implements QueryKeyValue {
    @Override
    public Heads forward(Tensor states, PassContext pass) {
        return new Heads(split(query, states, pass), split(key, states, pass), split(value, states, pass));
    }

    private Tensor split(ProjectionSlot slot, Tensor states, PassContext pass) {
        return slot.forward(states, pass.training()).view(states.size(0), -1, headDim);
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of(query, key, value);
    }
}
