package io.apus.model.layer;

import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/** Queries, keys and values kept within -limit and limit (clip_qkv). */
public record ClippedHeads(QueryKeyValue free, double limit) implements QueryKeyValue {
    @Override
    public Heads forward(Tensor states, PassContext pass) {
        Heads heads = free.forward(states, pass);
        return new Heads(clip(heads.query()), clip(heads.key()), clip(heads.value()));
    }

    private Tensor clip(Tensor free) {
        return free.clamp(new ScalarOptional(Torch.scalar(-limit)), new ScalarOptional(Torch.scalar(limit)));
    }

    @Override
    public List<ProjectionSlot> slots() {
        return free.slots();
    }

    @Override
    public int keyValueHeads() {
        return free.keyValueHeads();
    }

    @Override
    public int headDim() {
        return free.headDim();
    }
}
