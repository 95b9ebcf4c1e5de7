package io.apus.model.tuner.method;

import io.apus.model.layer.Embedding;
import io.apus.model.layer.ProjectionSlot;
import java.util.List;
import java.util.Optional;

/**
 * Where an adapter goes.
 *
 * @param linears in the order of their names
 * @param embedding where the rows of tokens are changed too
 */
record Places(List<ProjectionSlot> linears, Optional<Embedding> embedding) {
    /** Whether anything here is no linear. */
    boolean beyondLinears() {
        return embedding.isPresent();
    }
}
