package io.apus.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** A linear map through few features: up(norm(down(x))); without {@code first} it is {@code up} alone. */
public record LowRank(Optional<Down> first, ProjectionSlot up) {
    public record Down(ProjectionSlot map, Norm norm) {}

    Tensor forward(Tensor states, boolean training) {
        if (first.isEmpty()) {
            return up.forward(states, training);
        }
        Tensor narrow = first.get().map().forward(states, training);
        return up.forward(first.get().norm().forward(narrow), training);
    }

    List<ProjectionSlot> slots() {
        List<ProjectionSlot> all = new ArrayList<>();
        first.ifPresent(down -> all.add(down.map()));
        all.add(up);
        return all;
    }

    List<Parameter> ownParameters() {
        return first.map(down -> down.norm().parameters()).orElse(List.of());
    }
}
