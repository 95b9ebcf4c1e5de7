package io.apus.model.tuner.lora;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.expert.ExpertChange;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A low-rank update of the matrices W_e [in, out] of a weight [experts, in, out], as peft 0.17 lays it out (tuners/lora/layer.py,
 * ParamWrapper): A [experts * rank, in] has the rows of one expert below each other, B [out, rank * experts] its columns {@code experts}
 * apart, and W_e gains scale A_e^T B_e^T. Neither that product nor the update of an expert without tokens is ever made.
 */
record LoraExperts(LowRank update, int experts, double scale) implements ExpertChange {
    @Override
    public Factors factors() {
        Tensor down = update.down().tensor();
        Tensor up = update.up().tensor();
        long rank = down.size(0) / experts;
        return new Factors(
                down.view(experts, rank, down.size(1)).transpose(1, 2).unbind(0),
                up.view(up.size(0), rank, experts).permute(2, 1, 0).contiguous().unbind(0),
                scale);
    }

    @Override
    public List<Parameter> parameters() {
        return update.parameters();
    }

    @Override
    public void addTo(Tensor weight) {
        Factors factors = factors();
        for (int expert = 0; expert < experts; expert++) {
            Tensor product = factors.left().get(expert).mm(factors.right().get(expert));
            weight.select(0, expert).add_(Torch.like(product.mul_(Torch.scalar(scale)), weight));
        }
    }
}
