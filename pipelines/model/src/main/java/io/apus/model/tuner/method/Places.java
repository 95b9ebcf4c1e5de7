package io.apus.model.tuner.method;

import io.apus.model.layer.Embedding;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.expert.ExpertSlot;
import java.util.List;
import java.util.Optional;

/**
 * Where an adapter goes.
 *
 * @param linears the linears of layers
 * @param embedding where the rows of tokens are changed too
 * @param experts weights that hold the matrices of all experts of a layer
 */
public record Places(List<ProjectionSlot> linears, Optional<Embedding> embedding, List<ExpertPlace> experts) {
    /**
     * A weight with the matrices of a layer's experts.
     *
     * @param module what the names of added parameters begin with
     * @param count of experts
     */
    public record ExpertPlace(String module, ExpertSlot slot, int count) {}

    static final Places NONE = new Places(List.of(), Optional.empty(), List.of());

    /** Whether anything here is no linear. */
    boolean beyondLinears() {
        return embedding.isPresent() || !experts.isEmpty();
    }
}
