package io.apus.model.layer.expert;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Phi-3.5-MoE's choice of two experts one after the other, each weighted by a softmax over the experts that come near it. This is the
 * rule of evaluation; in training too, where the published code draws experts at random and estimates the gradient of the draw.
 *
 * @param jitter experts whose logits are further below the best than twice this, relative to their size, do not count
 */
public record SparseMixer(double jitter) implements Routing {
    private static final double HIDDEN = Double.NEGATIVE_INFINITY;

    @Override
    public Choice choose(Tensor logits) {
        Tensor first = best(logits.detach());
        Tensor rest = logits.scatter(1, first, Torch.scalar(HIDDEN));
        Tensor second = best(rest.detach());
        return new Choice(
                torch.cat(new TensorVector(first, second), 1),
                torch.cat(new TensorVector(weight(logits, logits, first), weight(logits, rest, second)), 1));
    }

    private static Tensor best(Tensor logits) {
        return TopRouting.highest(logits, 1);
    }

    private Tensor weight(Tensor logits, Tensor open, Tensor chosen) {
        return open.masked_fill(far(logits.detach(), open.detach()), Torch.scalar(HIDDEN))
                .softmax(1)
                .gather(1, chosen);
    }

    private Tensor far(Tensor logits, Tensor open) {
        try (NoGrad guard = Torch.noGrad()) {
            Tensor highest = open.amax(new long[] {1}, true);
            Tensor size = logits.abs().maximum(highest);
            return highest.sub(open).div(size).gt(Torch.scalar(2 * jitter));
        }
    }

    @Override
    public Tensor probabilities(Tensor logits) {
        return logits.softmax(1);
    }

    @Override
    public int chosen() {
        return 2;
    }
}
