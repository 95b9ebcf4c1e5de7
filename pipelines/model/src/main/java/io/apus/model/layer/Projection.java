package io.apus.model.layer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A linear map of the model's hidden states: plain, wrapped by a tuner, or quantised. */
public interface Projection extends AutoCloseable {
    /**
     * Maps every token.
     *
     * @param input [tokens, inFeatures]
     * @param training whether dropout and the like act
     * @return [tokens, outFeatures]
     */
    Tensor forward(Tensor input, boolean training);

    long inFeatures();

    long outFeatures();

    /** Every parameter, those of wrapped projections included. */
    List<Parameter> parameters();

    /** Frees the parameters. */
    @Override
    void close();
}
