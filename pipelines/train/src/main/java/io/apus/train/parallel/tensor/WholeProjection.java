package io.apus.train.parallel.tensor;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import java.util.List;

/** A linear map that cannot be divided and stays whole on every rank of a tensor group. */
sealed interface WholeProjection extends Projection permits SlicedOutputs, GatheredInputs {
    Projection whole();

    @Override
    default List<Parameter> parameters() {
        return whole().parameters();
    }

    @Override
    default void close() {
        whole().close();
    }
}
