package io.apus.model.layer;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The place of a change beside the rows of tokens. */
public final class RowSlot implements ChangeSlot<RowChange> {
    private final Parameter weight;
    private Optional<RowChange> change = Optional.empty();

    RowSlot(Parameter weight) {
        this.weight = weight;
    }

    @Override
    public String name() {
        return weight.name();
    }

    @Override
    public Optional<RowChange> change() {
        return change;
    }

    @Override
    public void put(Optional<RowChange> other) {
        change = other;
    }

    /** A slot at {@code other}, with the change that is here now. */
    RowSlot beside(Parameter other) {
        RowSlot slot = new RowSlot(other);
        slot.put(change);
        return slot;
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(List.of(weight));
        change.ifPresent(beside -> all.addAll(beside.parameters()));
        return all;
    }

    @Override
    public void merge() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            change.ifPresent(beside -> beside.addTo(weight.tensor()));
        }
        change = Optional.empty();
    }
}
