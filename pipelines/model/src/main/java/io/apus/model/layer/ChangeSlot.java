package io.apus.model.layer;

import io.apus.schemas.UserError;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The place of a change beside a weight that is no linear's: tuners put it there, as they put projections into a {@link ProjectionSlot}.
 *
 * @param <C> what its owner can compute with
 */
public final class ChangeSlot<C extends WeightChange> {
    private final Parameter weight;
    private Optional<C> change = Optional.empty();

    public ChangeSlot(Parameter weight) {
        this.weight = weight;
    }

    /** What the change is beside; its name is the slot's. */
    public Parameter weight() {
        return weight;
    }

    public Optional<C> change() {
        return change;
    }

    /** Puts {@code other} there, or nothing; what was there is the caller's to close. */
    public void put(Optional<C> other) {
        change = other;
    }

    /** A slot at {@code other}, with the change that is here now. */
    ChangeSlot<C> beside(Parameter other) {
        ChangeSlot<C> slot = new ChangeSlot<>(other);
        slot.put(change);
        return slot;
    }

    /** The weight and what is beside it. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(List.of(weight));
        change.ifPresent(beside -> all.addAll(beside.parameters()));
        return all;
    }

    /** Some rows of the weight, as {@link Parameter#part}, with nothing beside them; refused where there is something now. */
    public ChangeSlot<C> part(Cut rows) {
        if (change.isPresent()) {
            throw new UserError(
                    "Cannot share the experts among ranks",
                    "an adapter changes " + weight + ", which is not cut with it",
                    "Leave ep out of parallel, or merge the adapter first.");
        }
        return new ChangeSlot<>(weight.part(rows, 0));
    }

    /** Folds the change into the weight and takes it away; whoever calls closes its parameters. */
    public void merge() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            change.ifPresent(beside -> beside.addTo(weight.tensor()));
        }
        change = Optional.empty();
    }
}
