package io.apus.model.layer.expert;

import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.RouterScores;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A feed-forward network of which each token meets a part (Shazeer et al., 2017): a router sends it to some experts, whose weighted
 * results are added up. No token is dropped. Tokens are sorted by expert, so that each expert computes its own in one piece.
 */
public record MixtureOfExperts(Router router, Experts experts, Optional<SharedExpert> shared) implements FeedForward {
    @Override
    public Tensor forward(Tensor states, PassContext pass) {
        boolean training = pass.training();
        Tensor logits = router.map().forward(states, training);
        if (pass.balanced()) {
            pass.routed(new RouterScores(
                    router.routing().probabilities(logits), router.routing().chosen()));
        }
        Tensor mixed = mixed(states, router.routing().choose(logits), training);
        return shared.isPresent() ? mixed.add(shared.get().forward(states, pass)) : mixed;
    }

    private Tensor mixed(Tensor states, Routing.Choice choice, boolean training) {
        long chosen = choice.experts().size(1);
        Tensor assigned = choice.experts().reshape(-1);
        Tensor order = assigned.argsort(true, 0, false);
        Tensor tokens = order.floor_divide(new Scalar(chosen));
        long[] counts = Torch.toLongs(assigned.bincount(new TensorOptional(), experts.count()));
        int[] used =
                IntStream.range(0, counts.length).filter(e -> counts[e] > 0).toArray();
        long[] sizes = Arrays.stream(used).mapToLong(e -> counts[e]).toArray();
        TensorVector rows = states.index_select(0, tokens).split_with_sizes(sizes);
        Tensor results = torch.cat(experts.forward(rows, used, training), 0);
        Tensor weights = choice.weights().reshape(-1).index_select(0, order).unsqueeze(1);
        return torch.zeros_like(states).index_add(0, tokens, Torch.like(results.mul(weights), states));
    }

    @Override
    public List<ProjectionSlot> slots() {
        List<ProjectionSlot> all = new ArrayList<>(router.slots());
        all.addAll(experts.slots());
        shared.ifPresent(one -> all.addAll(one.slots()));
        return all;
    }

    @Override
    public List<ExpertSlot> changeSlots() {
        return experts.changeSlots();
    }

    @Override
    public List<Parameter> ownParameters() {
        List<Parameter> all = new ArrayList<>(router.ownParameters());
        all.addAll(experts.ownParameters());
        return all;
    }

    @Override
    public Sparse sparse() {
        List<Parameter> all = new ArrayList<>(experts.ownParameters());
        experts.slots().forEach(slot -> all.addAll(slot.get().parameters()));
        return new Sparse(all, (double) router.routing().chosen() / experts.count());
    }

    @Override
    public long width() {
        return router.routing().chosen() * experts.width()
                + shared.map(one -> one.network().width()).orElse(0L);
    }
}
