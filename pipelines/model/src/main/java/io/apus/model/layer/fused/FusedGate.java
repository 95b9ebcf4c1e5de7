package io.apus.model.layer.fused;

import io.apus.tensor.Scope;
import io.apus.tensor.autograd.CustomGradients;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * silu(gate) * up that keeps gate and up for the way back and computes the rest again, as Liger's kernel does (Hsu et al., 2024): a third
 * less to keep, in the same time.
 */
public final class FusedGate {
    private FusedGate() {}

    /** Whether {@link #forward} can be had for these: in the machine's own memory. */
    public static boolean takes(Tensor gate, Tensor up) {
        return !gate.is_cuda() && CustomGradients.served(List.of(gate, up));
    }

    /** Shapes and types alike in and out. */
    public static Tensor forward(Tensor gate, Tensor up) {
        try (Scope scope = Scope.open()) {
            Tensor gateStates = gate.detach();
            Tensor upStates = up.detach();
            Tensor result = torch.silu(gateStates).mul_(upStates);
            return scope.keep(
                    CustomGradients.tied(result, List.of(gate, up), List.of(gateStates, upStates), gradient -> {
                        Tensor gateGradient = gradient.mul(upStates);
                        torch.silu_backward_out(gateGradient, gateGradient, gateStates);
                        return List.of(gateGradient, torch.silu(gateStates).mul_(gradient));
                    }));
        }
    }
}
