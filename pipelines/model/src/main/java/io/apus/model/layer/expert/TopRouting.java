package io.apus.model.layer.expert;

import io.apus.model.layer.Parameter;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Torch;
import java.util.Optional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The experts with the highest scores.
 *
 * @param sigmoid scores are sigmoids of the logits, each for itself, instead of their softmax
 * @param chosen experts of one token
 * @param groups keeps a token to some groups of neighbouring experts
 * @param correction [experts] or [1, experts]: added to the scores for the choice, not for the weights (DeepSeek-V3's auxiliary-free balance)
 * @param normalised weights of a token are divided by their sum
 * @param floor of that sum
 * @param scale of the weights, after that
 */
public record TopRouting(
        boolean sigmoid,
        int chosen,
        Optional<Groups> groups,
        Optional<Parameter> correction,
        boolean normalised,
        double floor,
        double scale)
        implements Routing {
    private static final double USUAL_FLOOR = 1e-20;

    /**
     * Groups of experts, of which the best ones are open to a token.
     *
     * @param count of equal groups
     * @param kept groups that are open
     * @param best a group counts as the sum of its highest scores, this many
     */
    public record Groups(int count, int kept, int best) {}

    /** Scores are a softmax over all experts. */
    public static TopRouting softmax(int chosen, boolean normalised) {
        return new TopRouting(false, chosen, Optional.empty(), Optional.empty(), normalised, USUAL_FLOOR, 1);
    }

    /** Scores are sigmoids. */
    public static TopRouting sigmoid(int chosen, boolean normalised) {
        return new TopRouting(true, chosen, Optional.empty(), Optional.empty(), normalised, USUAL_FLOOR, 1);
    }

    public TopRouting within(Groups some) {
        return new TopRouting(sigmoid, chosen, Optional.of(some), correction, normalised, floor, scale);
    }

    public TopRouting corrected(Parameter bias) {
        return new TopRouting(sigmoid, chosen, groups, Optional.of(bias), normalised, floor, scale);
    }

    public TopRouting scaled(double factor) {
        return new TopRouting(sigmoid, chosen, groups, correction, normalised, floor, factor);
    }

    public TopRouting floored(double least) {
        return new TopRouting(sigmoid, chosen, groups, correction, normalised, least, scale);
    }

    @Override
    public Choice choose(Tensor logits) {
        Tensor scores = scores(logits);
        Tensor experts = experts(scores.detach());
        Tensor weights = scores.gather(1, experts);
        if (normalised) {
            weights = weights.div(total(weights).clamp_min(Torch.scalar(floor)));
        }
        return new Choice(experts, scale == 1 ? weights : weights.mul(Torch.scalar(scale)));
    }

    @Override
    public Tensor probabilities(Tensor logits) {
        Tensor scores = scores(logits);
        return sigmoid ? scores.div(total(scores).clamp_min(Torch.scalar(USUAL_FLOOR))) : scores;
    }

    private Tensor scores(Tensor logits) {
        // Which experts are chosen must not depend on how coarse the products are.
        Tensor exact = logits.to(torch.ScalarType.Float);
        return sigmoid ? exact.sigmoid() : exact.softmax(1);
    }

    private static Tensor total(Tensor rows) {
        return rows.sum(new long[] {1}, true, new ScalarTypeOptional());
    }

    private Tensor experts(Tensor scores) {
        try (NoGrad guard = Torch.noGrad()) {
            Tensor rated = correction.isPresent()
                    ? scores.add(correction.get().tensor().detach().view(-1))
                    : scores;
            return highest(groups.isPresent() ? open(rated, groups.get()) : rated, chosen);
        }
    }

    /** The scores, with 0 where a group is not open (as transformers has it, so that a negative corrected score ranks below). */
    private static Tensor open(Tensor rated, Groups groups) {
        long tokens = rated.size(0);
        Tensor grouped = rated.view(tokens, groups.count(), -1);
        T_TensorTensor_T best = grouped.topk(Math.min(groups.best(), grouped.size(2)), 2, true, false);
        Tensor worth = new Tensor(best.get0()).sum(2);
        Tensor kept = highest(worth, groups.kept());
        Tensor mask = torch.zeros_like(worth).scatter(1, kept, Torch.scalar(1)).unsqueeze(2);
        return grouped.mul(mask).view(tokens, -1);
    }

    /** Places of the {@code count} highest numbers of each row. */
    static Tensor highest(Tensor rows, long count) {
        return new Tensor(rows.topk(count, 1, true, true).get1());
    }
}
