package io.apus.model.tuner.lora;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.expert.ExpertChange;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * A low-rank update of a weight [experts * width, hiddenSize] in which the experts' matrices lie below each other: scale B A, one A for
 * all experts, as PEFT updates any matrix.
 */
record LoraStack(LowRank update, int experts, double scale) implements ExpertChange {
    @Override
    public Factors factors() {
        Tensor up = update.up().tensor();
        TensorVector right = new TensorVector();
        for (int expert = 0; expert < experts; expert++) {
            right.push_back(update.down().tensor());
        }
        return new Factors(up.split(up.size(0) / experts, 0), right, scale);
    }

    @Override
    public List<Parameter> parameters() {
        return update.parameters();
    }

    @Override
    public void addTo(Tensor weight) {
        weight.add_(Torch.like(update.product(scale), weight));
    }
}
