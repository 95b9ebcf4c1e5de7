package io.apus.model.layer;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Grouped-query self-attention with rotary positions.
 *
 * @param layer number of the layer, which is its place in a cache
 * @param queryNorm, keyNorm normalisation of each head before the rotation, in families that have it
 * @param window tokens that a query sees, itself included; 0 for all
 */
public record Attention(
        int layer,
        int headDim,
        int window,
        ProjectionSlot query,
        ProjectionSlot key,
        ProjectionSlot value,
        ProjectionSlot output,
        Optional<RmsNorm> queryNorm,
        Optional<RmsNorm> keyNorm) {

    Tensor forward(Tensor states, PassContext pass) {
        Tensor q = heads(query.forward(states, pass.training()), queryNorm);
        Tensor k = heads(key.forward(states, pass.training()), keyNorm);
        Tensor v = heads(value.forward(states, pass.training()), Optional.empty());
        double scale = 1 / Math.sqrt(headDim);
        Tensor mixed = pass.attend(layer, pass.rotate(q), pass.rotate(k), v, window, scale);
        return output.forward(mixed, pass.training());
    }

    private Tensor heads(Tensor rows, Optional<RmsNorm> norm) {
        Tensor heads = rows.view(rows.size(0), -1, headDim);
        return norm.map(n -> n.forward(heads)).orElse(heads);
    }

    List<ProjectionSlot> slots() {
        return List.of(query, key, value, output);
    }
}
