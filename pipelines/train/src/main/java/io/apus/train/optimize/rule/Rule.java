package io.apus.train.optimize.rule;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** How one weight is moved along its gradients, with what is remembered of them. */
public interface Rule {
    /**
     * One step. The caller has switched gradients off and frees what is made.
     *
     * @param weight changed in place
     * @param gradient of the weight's shape; left as it is
     * @param rate learning rate
     * @param decay weight decay
     */
    void step(Tensor weight, Tensor gradient, double rate, double decay);

    /** What is remembered, by name; restoring these tensors restores the rule. Made by the {@link Memory} that the rule was given. */
    SortedMap<String, Tensor> state();

    /** Whether what is remembered as {@code name} has one number for every element of the weight, where the rule splits. */
    default boolean perElement(String name) {
        return !name.equals("step");
    }

    /** Whether the weight to evaluate and to keep is another than the one to train on, as an average over the steps. */
    default boolean averages() {
        return false;
    }

    /** Where {@link #averages}: makes the weight to train on the one to evaluate. */
    default void toAverage(Tensor weight) {}

    /** A state of some tensors. */
    static SortedMap<String, Tensor> named(Object... namesAndTensors) {
        SortedMap<String, Tensor> state = new TreeMap<>();
        for (int i = 0; i < namesAndTensors.length; i += 2) {
            state.put((String) namesAndTensors[i], (Tensor) namesAndTensors[i + 1]);
        }
        return state;
    }
}
