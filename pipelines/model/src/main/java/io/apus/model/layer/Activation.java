package io.apus.model.layer;

import static io.apus.schemas.Registry.entry;

import io.apus.model.layer.fused.FusedGate;
import io.apus.schemas.Registry;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Elementwise functions by the names that config.json gives them (transformers {@code ACT2FN}). */
public record Activation(String name, UnaryOperator<Tensor> function) {
    private static final Set<String> SILU = Set.of("silu", "swish");

    private static final Registry<UnaryOperator<Tensor>> ALL = Registry.of(
            "activation",
            entry("silu", torch::silu),
            entry("swish", torch::silu),
            entry("gelu", torch::gelu),
            entry("gelu_new", Activation::tanhGelu),
            entry("gelu_pytorch_tanh", Activation::tanhGelu),
            entry("gelu_fast", Activation::tanhGelu),
            entry("relu", torch::relu),
            entry("relu2", x -> torch.relu(x).square()));

    /** An unknown name is one {@link io.apus.schemas.UserError} with the known ones. */
    public static Activation named(String name) {
        return new Activation(name, ALL.get(name));
    }

    private static Tensor tanhGelu(Tensor x) {
        return torch.gelu(x, "tanh");
    }

    public Tensor apply(Tensor x) {
        return function.apply(x);
    }

    /** The activation of {@code gate}, times {@code up}. */
    public Tensor gated(Tensor gate, Tensor up) {
        return SILU.contains(name) && FusedGate.takes(gate, up)
                ? FusedGate.forward(gate, up)
                : apply(gate).mul(up);
    }
}
