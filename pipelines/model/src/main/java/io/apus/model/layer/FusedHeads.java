package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * One linear map whose rows are queries, keys and values.
 *
 * @param grouped false: all queries, then all keys, then all values; true: for each key-value head its queries, its key, its value
 */
public record FusedHeads(ProjectionSlot fused, int heads, int keyValueHeads, int headDim, boolean grouped)
        implements QueryKeyValue {
    @Override
    public Heads forward(Tensor states, PassContext pass) {
        Tensor rows = fused.forward(states, pass.training());
        long tokens = states.size(0);
        if (!grouped) {
            Tensor all = rows.view(tokens, heads + 2L * keyValueHeads, headDim);
            return new Heads(
                    all.narrow(1, 0, heads),
                    all.narrow(1, heads, keyValueHeads),
                    all.narrow(1, (long) heads + keyValueHeads, keyValueHeads));
        }
        long queries = heads / keyValueHeads;
        Tensor all = rows.view(tokens, keyValueHeads, queries + 2, headDim);
        return new Heads(
                all.narrow(2, 0, queries).reshape(tokens, heads, headDim),
                all.select(2, queries),
                all.select(2, queries + 1));
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of(fused);
    }
}
