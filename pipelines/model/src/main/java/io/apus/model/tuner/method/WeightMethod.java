package io.apus.model.tuner.method;

import io.apus.model.layer.Embedding;
import io.apus.model.layer.RowChange;
import io.apus.model.layer.expert.ExpertChange;
import org.bytedeco.pytorch.GeneratorOptional;

/** How a method that changes linears changes other weights too. */
public interface WeightMethod {
    /**
     * Looks whether the method's settings mean anything beside such weights.
     *
     * @throws io.apus.schemas.UserError if not
     */
    void check(Places places);

    /**
     * A change of the rows of tokens, not yet put there.
     *
     * @param module the embedding's name, which the names of added parameters begin with
     * @param generator the only source of random numbers
     */
    RowChange beside(String module, Embedding embedding, GeneratorOptional generator);

    /** How many numbers learn beside the embedding of this shape. */
    long trainable(String module, Embedding embedding);

    /** A change of the matrices of experts, not yet put there. */
    ExpertChange beside(Places.ExpertPlace place, GeneratorOptional generator);

    /** How many numbers learn beside them. */
    long trainable(Places.ExpertPlace place);
}
