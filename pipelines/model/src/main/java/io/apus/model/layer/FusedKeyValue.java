package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** One linear map for queries, and one whose rows are each key-value head's key, then its value. */
public record FusedKeyValue(ProjectionSlot query, ProjectionSlot keyValue, int keyValueHeads, int headDim)
        implements QueryKeyValue {
    @Override
    public Heads forward(Tensor states, PassContext pass) {
        long tokens = states.size(0);
        Tensor queries = query.forward(states, pass.training());
        Tensor both = keyValue.forward(states, pass.training()).view(tokens, keyValueHeads, 2, headDim);
        return new Heads(queries.view(tokens, -1, headDim), both.select(2, 0), both.select(2, 1));
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of(query, keyValue);
    }
}
