package io.apus.model.layer.expert;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import java.util.ArrayList;
import java.util.List;

/**
 * Rates the experts for each token.
 *
 * @param map hidden states to logits, [tokens, experts]
 * @param linear whether transformers has a linear module there, which tuners may wrap, or a bare weight
 * @param fixed parameters of the routing that nothing trains
 */
public record Router(ProjectionSlot map, boolean linear, Routing routing, List<Parameter> fixed) {
    List<ProjectionSlot> slots() {
        return linear ? List.of(map) : List.of();
    }

    List<Parameter> ownParameters() {
        List<Parameter> all = new ArrayList<>(fixed);
        if (!linear) {
            all.addAll(map.get().parameters());
        }
        return all;
    }
}
