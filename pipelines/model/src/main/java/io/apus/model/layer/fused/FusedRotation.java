package io.apus.model.layer.fused;

import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.autograd.CustomGradients;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Rotates pairs of numbers, in place but for one product; the way back rotates by the negative angle and keeps no states for it. */
public final class FusedRotation {
    private FusedRotation() {}

    /** Whether {@link #forward} can be had for these: in the machine's own memory. */
    public static boolean takes(Tensor states) {
        return !states.is_cuda() && CustomGradients.served(List.of(states));
    }

    /**
     * x * cosine + partners(x) * sine.
     *
     * @param states [tokens, heads, dim]
     * @param cosine [tokens, 1, dim], of the states' type, as is {@code sine}, whose first members of pairs are negated
     * @param interleaved neighbours form a pair, instead of each dimension and the one half of dim further
     */
    public static Tensor forward(Tensor states, Tensor cosine, Tensor sine, boolean interleaved) {
        try (Scope scope = Scope.open()) {
            Tensor turned = turned(states, cosine, sine, interleaved, 1);
            return scope.keep(CustomGradients.tied(
                    turned,
                    List.of(states),
                    List.of(cosine, sine),
                    gradient -> List.of(turned(gradient, cosine, sine, interleaved, -1))));
        }
    }

    private static Tensor turned(Tensor states, Tensor cosine, Tensor sine, boolean interleaved, int direction) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor turned = states.mul(cosine);
            for (int member = 0; member < 2; member++) {
                members(turned, interleaved, member)
                        .addcmul_(
                                members(states, interleaved, 1 - member),
                                members(sine, interleaved, member),
                                Torch.scalar(direction));
            }
            return scope.keep(turned);
        }
    }

    /** The first or the second members of the pairs. */
    private static Tensor members(Tensor states, boolean interleaved, int member) {
        long half = states.size(2) / 2;
        return interleaved
                ? states.view(states.size(0), states.size(1), half, 2).select(3, member)
                : states.narrow(2, member * half, half);
    }
}
