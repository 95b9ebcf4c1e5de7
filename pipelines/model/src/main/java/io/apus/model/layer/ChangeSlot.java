package io.apus.model.layer;

import java.util.List;
import java.util.Optional;

/**
 * The place of a change beside a weight that is no linear's: tuners put it there, as they put projections into a {@link ProjectionSlot}.
 *
 * @param <C> what its owner can compute with
 */
public interface ChangeSlot<C extends WeightChange> {
    /** The weight's name in files. */
    String name();

    Optional<C> change();

    /** Puts {@code other} there, or nothing; what was there is the caller's to close. */
    void put(Optional<C> other);

    /** The weight and what is beside it. */
    List<Parameter> parameters();

    /** Folds the change into the weight and takes it away; whoever calls closes its parameters. */
    void merge();
}
