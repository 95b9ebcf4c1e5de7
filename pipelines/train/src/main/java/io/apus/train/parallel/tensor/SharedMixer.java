package io.apus.train.parallel.tensor;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.TokenMixer;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Attention of which each rank computes some heads. */
record SharedMixer(TokenMixer own, TensorGroup group) implements TokenMixer {
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

    @Override
    public CacheShape cacheShape() {
        return own.cacheShape();
    }

    @Override
    public int window() {
        return own.window();
    }
}
