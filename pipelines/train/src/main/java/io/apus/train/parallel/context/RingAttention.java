package io.apus.train.parallel.context;

import io.apus.model.layer.AttentionRule;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.autograd.CustomGradients;
import io.apus.tensor.collective.Collectives;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * Causal attention of each rank's queries over the keys and values of all, which travel round the ranks (Liu et al., "Ring Attention with
 * Blockwise Transformers", 2023). No rank has all keys at a time: what each slice of them contributes is merged by the logarithms of the
 * sums of exponentials. On the way back the slices travel once more, with their gradients behind them.
 */
final class RingAttention implements AutoCloseable {
    private final Collectives ring;
    private final CustomGradients gradients = new CustomGradients();
    private final Set<RingPass> kept = new HashSet<>();

    RingAttention(Collectives ring) {
        this.ring = ring;
    }

    int ranks() {
        return ring.size();
    }

    int rank() {
        return ring.rank();
    }

    /** {@code heads}: query [own, heads, keyDim], key and value by key-value heads; gives [own, heads * valueDim]. */
    Tensor attend(RingRows rows, AttentionRule rule, Tensor... heads) {
        try (Scope scope = Scope.open()) {
            RingPass pass = new RingPass(ring, rows, rule, heads);
            Tensor result;
            try (NoGrad guard = Torch.noGrad()) {
                result = pass.forward();
            }
            List<Tensor> inputs = List.of(heads);
            if (GradMode.is_enabled() && inputs.stream().anyMatch(Tensor::requires_grad)) {
                pass.keep();
                kept.add(pass);
            }
            return scope.keep(gradients.tie(result, inputs, gradient -> backward(pass, gradient)));
        }
    }

    private List<Tensor> backward(RingPass pass, Tensor gradient) {
        try (NoGrad guard = Torch.noGrad()) {
            return pass.backward(gradient);
        } finally {
            kept.remove(pass);
            pass.close();
        }
    }

    @Override
    public void close() {
        kept.forEach(RingPass::close);
        kept.clear();
        gradients.close();
    }
}
