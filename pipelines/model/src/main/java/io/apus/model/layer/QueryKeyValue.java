package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** How queries, keys and values come out of a block's linear maps. */
public interface QueryKeyValue {
    /** Query [tokens, heads, headDim]; key and value [tokens, keyValueHeads, headDim]. */
    record Heads(Tensor query, Tensor key, Tensor value) {}

    Heads forward(Tensor states, PassContext pass);

    List<ProjectionSlot> slots();

    int keyValueHeads();

    int headDim();
}
