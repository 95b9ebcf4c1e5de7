package io.apus.model.layer.expert;

import io.apus.model.layer.Activation;
import io.apus.model.layer.Cut;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.Tensor;

/** How the fused result of gate and up becomes the input of down. */
public final class Gatings {
    private static final double GPT_OSS_STEEPNESS = 1.702;

    private Gatings() {}

    /** The first half of the columns is the gate, the second up. */
    public static FusedExperts.Gating halves(Activation activation) {
        return both -> {
            long half = both.size(1) / 2;
            return activation.apply(both.narrow(1, 0, half)).mul(both.narrow(1, half, half));
        };
    }

    /** gpt-oss: even columns are the gate, odd ones up; both clamped, up one higher, the gate times sigmoid(1.702 gate). */
    public static FusedExperts.Gating clampedPairs(double limit) {
        return new ClampedPairs(limit);
    }

    private record ClampedPairs(double limit) implements FusedExperts.Gating {
        @Override
        public Tensor apply(Tensor both) {
            Tensor pairs = both.view(both.size(0), both.size(1) / 2, 2);
            Tensor gate = pairs.select(2, 0).clamp_max(Torch.scalar(limit));
            Tensor up = pairs.select(2, 1).clamp_max(Torch.scalar(limit)).clamp_min(Torch.scalar(-limit));
            Tensor gated = gate.mul(gate.mul(Torch.scalar(GPT_OSS_STEEPNESS)).sigmoid());
            return gated.mul(up.add(Torch.scalar(1)));
        }

        @Override
        public Cut columns(Cut own) {
            return own.times(2);
        }
    }
}
