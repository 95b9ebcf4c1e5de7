package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.model.layer.ChangeSlot;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.WeightChange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A change beside a weight that is no linear's, and its place. */
record PlacedChange<C extends WeightChange>(ChangeSlot<C> slot, C change) {
    /** Those that are there now. */
    static List<PlacedChange<?>> in(DecoderModel model) {
        return model.changeSlots().stream()
                .<PlacedChange<?>>flatMap(PlacedChange::of)
                .toList();
    }

    private static <C extends WeightChange> Stream<PlacedChange<C>> of(ChangeSlot<C> slot) {
        return slot.change().map(change -> new PlacedChange<>(slot, change)).stream();
    }

    void put() {
        slot.put(Optional.of(change));
    }

    void take() {
        slot.put(Optional.empty());
    }

    void close() {
        change.parameters().forEach(Parameter::close);
    }
}
