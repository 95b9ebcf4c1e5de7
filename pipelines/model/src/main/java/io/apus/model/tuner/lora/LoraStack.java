package io.apus.model.tuner.lora;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.expert.ExpertChange;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.Optional;
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

    /** Of B the rows of these experts. */
    @Override
    public Optional<Share> share(Parameter parameter, Cut run) {
        return parameter.equals(update.down())
                ? Optional.empty()
                : Optional.of(new Share(0, run.times(parameter.shape()[0] / run.whole())));
    }

    @Override
    public ExpertChange part(Cut run) {
        return new LoraStack(update.part(own -> share(own, run)), Math.toIntExact(run.size()), scale);
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
