package io.apus.model.tuner.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import org.bytedeco.pytorch.GeneratorOptional;

/** One method of changing whole layers from outside: how a change begins and how its files describe it. */
public interface BlockMethod {
    /**
     * Looks whether the method fits a model of {@code config}.
     *
     * @throws io.apus.schemas.UserError if not
     */
    default void check(ModelConfig config) {}

    /**
     * The block with the change around or behind it, or {@code block} itself where this layer is left alone.
     *
     * @param generator the only source of random numbers
     */
    DecoderBlock around(DecoderModel model, int layer, GeneratorOptional generator);

    /** Whether a parameter of the model was added by this method. */
    boolean owns(Parameter parameter);

    /** Adds the method's own fields to adapter_config.json. */
    void describe(ObjectNode config, DecoderModel model);
}
