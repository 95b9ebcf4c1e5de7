package io.apus.model.tuner.method;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.AttentionGroups;
import io.apus.model.layer.Parameter;
import io.apus.schemas.UserError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** A way to make a model trainable: which parameters learn, what is attached for it, and what is kept of it. */
public interface Tuner {
    /** Attaches whatever is trained and marks exactly the parameters that learn; the same {@code seed} starts from the same values. */
    void attach(DecoderModel model, long seed);

    /** The gradients of the model as it is that the start wants to know; then the other {@code attach} is to be called. */
    default Optional<GradientSample> gradientSample() {
        return Optional.empty();
    }

    /** As {@link #attach(DecoderModel, long)}; {@code gradients} by parameter name belong to the caller. */
    default void attach(DecoderModel model, long seed, Map<String, Tensor> gradients) {
        attach(model, seed);
    }

    /**
     * Attaches what {@link #save} left in {@code folder}, ready to learn on; the same values in every bit.
     *
     * @throws UserError naming every tensor that is missing, misshapen or unexpected
     */
    void load(DecoderModel model, Path folder);

    /**
     * Writes what was trained.
     *
     * @param baseModel where the untrained weights come from, a folder or a hub id; adapters name it
     */
    void save(DecoderModel model, Path folder, String baseModel);

    /**
     * Folds what was attached into the model's own weights, which then are the trained model.
     *
     * @throws UserError where the method is no change of weights
     */
    void merge(DecoderModel model);

    /** Whether {@link #merge} can: what the method trains is a change of the model's weights. */
    default boolean mergeable() {
        return true;
    }

    /** What {@link #merge} of those that are not {@link #mergeable} throws. */
    static UserError unmergeable(String what, String why) {
        return new UserError("Cannot merge the " + what, why, "Use the base model together with the adapter.");
    }

    /** Whether this trains or copies the model's own weights, which then have to be floats where files leave a choice. */
    default boolean needsFloats() {
        return false;
    }

    /** Whether {@link #save} keeps rows of tokens that the model on disk does not have, see {@link DecoderModel#growVocabulary}. */
    default boolean keepsTokenRows() {
        return false;
    }

    /**
     * Looks before any weight is loaded whether this fits a model of {@code config}.
     *
     * @throws UserError if not, as far as the config tells
     */
    default void check(ModelConfig config) {}

    /** How many numbers learn in a model of {@code config}, from the shapes alone; empty where only the attached model tells. */
    default OptionalLong trainable(ModelConfig config) {
        return OptionalLong.empty();
    }

    /**
     * The parameters that learn in a model of {@code config}, by name, as far as the config tells: those of an adapter as one flat
     * parameter of them all, nothing where only the attached model tells.
     */
    default SortedMap<String, long[]> trainedShapes(ModelConfig config) {
        SortedMap<String, long[]> shapes = new TreeMap<>();
        trainable(config).ifPresent(count -> shapes.put("adapter", new long[] {count}));
        return shapes;
    }

    /**
     * Names of the linears of a model of {@code config} that {@code ranks} cannot divide because of what is attached to them, see
     * {@link io.apus.model.layer.Divisible}.
     *
     * @param byInputs names of those that would be divided by their inputs; the others would be by their outputs
     */
    default Set<String> undivided(ModelConfig config, Set<String> byInputs, int ranks) {
        return Set.of();
    }

    /** What tokens see of each other while a model of {@code config} is trained. */
    default AttentionGroups attention(ModelConfig config) {
        return AttentionGroups.none();
    }

    /** What the learning rate is multiplied by for {@code parameter}: 1 but for methods like LoRA+. */
    default double learningRateRatio(Parameter parameter) {
        return 1;
    }

    /**
     * Says of what run the attached model is, before its first step.
     *
     * @throws UserError where the method does not fit so many steps
     */
    default void begin(int totalSteps) {}

    /**
     * Called on every rank when the gradients of a whole step are summed, before they are clipped: may add to them, by the same
     * amount on every rank. The model is the one that this tuner is attached to.
     */
    default void beforeUpdate(DecoderModel model) {}

    /**
     * Called on every rank after the optimiser moved the parameters, while their gradients still stand.
     *
     * @param step from 1
     * @param totalSteps of the run
     * @param others have what this rank has not of the model
     */
    default void afterUpdate(DecoderModel model, int step, int totalSteps, OtherRanks others) {}

    /** Whether {@link #beforeUpdate} or {@link #afterUpdate} do anything: both need gradients and weights as a whole. */
    default boolean readsGradients() {
        return false;
    }

    /**
     * What {@link #afterUpdate} remembers between steps; a checkpoint writes and overwrites these very tensors.
     *
     * @return by name, which is or begins with that of a trained parameter and a dot, of whose shape each is
     */
    default SortedMap<String, Tensor> state(DecoderModel model) {
        return Collections.emptySortedMap();
    }
}
