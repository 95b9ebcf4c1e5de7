package io.apus.model.tuner.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.tensor.SafeTensorsFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/** One method of changing linears from outside: how a change begins, which of its parameters learn, and how PEFT describes it. */
public interface AdapterMethod {
    /** Puts the change around one projection; {@code module} is its name, which the names of added parameters begin with. */
    interface Wrapper {
        AdaptedProjection around(String module, Projection base);
    }

    /** PEFT's name of the method in adapter_config.json, e.g. {@code LORA}. */
    String peftType();

    /**
     * Prepares what the projections share and gives the function that is then called once for each target, in the targets' order.
     * Runs inside a scope; parameters outlive it.
     *
     * @param generator the only source of random numbers
     */
    Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator);

    /** How the method changes weights that are no linears; empty where it does not. */
    default Optional<WeightMethod> weights() {
        return Optional.empty();
    }

    /** The gradients that {@link #start} wants to know, see {@link #knowing}. */
    default Optional<GradientSample> gradientSample() {
        return Optional.empty();
    }

    /** The same method for one start that knows the gradients of the model as it is, by parameter name. */
    default AdapterMethod knowing(Map<String, Tensor> gradients) {
        return this;
    }

    /** The same method for one start that can look into the adapter's file, which is open until the start is over. */
    default AdapterMethod reading(SafeTensorsFile file) {
        return this;
    }

    /** Frozen parameters beside the added ones that the adapter's file needs, by their names there. */
    default SortedMap<String, Parameter> kept(List<ProjectionSlot> targets) {
        return new TreeMap<>();
    }

    /** Adds the method's own fields to {@code config}, which has those that all methods share. */
    void describe(ObjectNode config, List<ProjectionSlot> targets);

    /** Whether an added parameter is trained; the others are only kept. */
    default boolean learns(Parameter added) {
        return true;
    }

    /** Whether an added parameter is in the file; what is not must follow from the config alone. */
    default boolean isStored(Parameter added) {
        return true;
    }

    /** The name of an added parameter in adapter_model.safetensors. */
    default String storedName(Parameter added) {
        return PeftFiles.PREFIX + added.name();
    }

    /** What adapter_model.safetensors holds of an added parameter, in the caller's scope. */
    default Tensor storedValue(Parameter added) {
        return added.tensor();
    }

    /** Parameters of the model itself that the method trains and keeps, by their names in adapter_model.safetensors. */
    default SortedMap<String, Parameter> trainedInPlace(DecoderModel model, List<ProjectionSlot> targets) {
        return new TreeMap<>();
    }

    /**
     * The same change told as another method's adapter for the base as it was before this one was attached.
     *
     * @param tensors by their names in adapter_model.safetensors
     */
    record Converted(AdapterMethod method, SortedMap<String, Tensor> tensors) {}

    /** Whether {@link #start} changes weights that were there before. */
    default boolean changesBase() {
        return false;
    }

    /** Where attaching changed the base: an adapter that programs which cannot repeat that can use. Made in the caller's scope. */
    default Optional<Converted> converted(List<ProjectionSlot> targets) {
        return Optional.empty();
    }

    /** How many numbers learn beside a linear of this shape; empty where the shape does not say. */
    default OptionalLong trainable(long inFeatures, long outFeatures) {
        return OptionalLong.empty();
    }

    /**
     * Whether {@code ranks} can divide the change of {@code linear}, which is described alone, by its inputs or else by its outputs; see
     * {@link Tuner#undivided}.
     */
    default boolean divides(ProjectionSlot linear, boolean byInputs, int ranks) {
        return true;
    }

    /** See {@link Tuner#readsGradients}. */
    default boolean readsGradients() {
        return false;
    }

    /** See {@link Tuner#begin}. */
    default void begin(int totalSteps) {}

    /** See {@link Tuner#beforeUpdate}. */
    default void beforeUpdate(DecoderModel model) {}

    /** See {@link Tuner#afterUpdate}. */
    default void afterUpdate(DecoderModel model, int step, int totalSteps, OtherRanks others) {}

    /** See {@link Tuner#state}. */
    default SortedMap<String, Tensor> state(DecoderModel model) {
        return new TreeMap<>();
    }

    /** See {@link Tuner#learningRateRatio}. */
    default double learningRateRatio(Parameter parameter) {
        return 1;
    }
}
