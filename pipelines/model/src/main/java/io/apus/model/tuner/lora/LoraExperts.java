package io.apus.model.tuner.lora;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.expert.ExpertChange;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** Of A the rows of these experts, of B their columns in each of the runs of {@code experts}. */
    @Override
    public Optional<Share> share(Parameter parameter, Cut run) {
        int rank = Math.toIntExact(update.down().shape()[0] / run.whole());
        if (parameter.equals(update.down())) {
            return Optional.of(new Share(0, run.times(rank)));
        }
        List<Cut.Span> columns = new ArrayList<>();
        for (long from = 0; from < rank * run.whole(); from += run.whole()) {
            long first = from;
            run.spans().forEach(span -> columns.add(new Cut.Span(first + span.from(), first + span.to())));
        }
        return Optional.of(new Share(1, new Cut(rank * run.whole(), columns)));
    }

    @Override
    public ExpertChange part(Cut run) {
        return new LoraExperts(update.part(own -> share(own, run)), Math.toIntExact(run.size()), scale);
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
