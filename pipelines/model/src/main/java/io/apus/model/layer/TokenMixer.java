package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The part of a block in which tokens see each other. */
public interface TokenMixer {
    /** [tokens, hiddenSize] in and out; segments of the batch stay apart. */
    Tensor forward(Tensor states, PassContext pass);

    /** The linear maps, in the order of their use. */
    List<ProjectionSlot> slots();

    /** Parameters outside the linear maps. */
    List<Parameter> ownParameters();

    /** What a cache keeps for one token. */
    CacheShape cacheShape();

    /** How many tokens, its own included, a query sees; 0 for all. */
    int window();

    /** Keys and values of one token: [heads, keyDim] and [heads, valueDim]. */
    record CacheShape(long heads, long keyDim, long valueDim) {}
}
