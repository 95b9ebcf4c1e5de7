package io.apus.model.tuner.method;

import io.apus.model.layer.Divisible;
import io.apus.model.layer.Parameter;
import java.util.Optional;

/** An adapter that can be divided where what it changes can be, and that leaves the bias to it. */
public interface DivisibleAdapter extends AdaptedProjection, Divisible {
    /**
     * What is changed, as something to divide.
     *
     * @throws java.util.NoSuchElementException where {@link #divides} says no
     */
    default Divisible divisibleBase() {
        return Divisible.of(base()).orElseThrow();
    }

    @Override
    default boolean divides() {
        return Divisible.of(base()).isPresent();
    }

    @Override
    default Optional<Parameter> bias() {
        return Divisible.of(base()).flatMap(Divisible::bias);
    }
}
