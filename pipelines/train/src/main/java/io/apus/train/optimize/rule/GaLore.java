package io.apus.train.optimize.rule;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.GaloreSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * GaLore (Zhao et al., 2024): another rule, applied in a low-rank subspace of the gradients, so that what it remembers is as small as
 * the subspace. Its step is taken back into the full space; the weight decays there.
 */
public final class GaLore implements Rule {
    private static final List<String> ADAM = List.of("adamw_torch", "adamw_torch_fused");
    private static final List<String> ADAM_8_BIT = List.of("adamw_8bit", "adamw_bnb_8bit", "paged_adamw_8bit");
    private static final String ADAFACTOR = "adafactor";

    private final Rule inside;
    private final Subspace subspace;
    private final double scale;

    private GaLore(Rule inside, Subspace subspace, double scale) {
        this.inside = inside;
        this.subspace = subspace;
        this.scale = scale;
    }

    /** GaLore for the weights that {@code spec} names, and {@code plain} for the others. */
    public static RuleMaker maker(TrainSpec spec, RuleMaker plain) {
        GaloreSpec galore = spec.galore();
        RuleMaker inside = inside(spec, plain);
        RuleMaker both = (name, shape, memory) -> {
            if (!applies(galore, name, shape)) {
                return plain.of(name, shape, memory);
            }
            Subspace subspace = Subspace.of(galore, shape, memory);
            // Not the weight's own name: what lies in the subspace of an embedding is no embedding.
            Rule rule = inside.of("", subspace.lowShape(), memory);
            return new GaLore(rule, subspace, galore.galoreScale());
        };
        return RuleMaker.joining((name, shape) -> applies(galore, name, shape) || !plain.splits(name, shape), both);
    }

    /** The rules that ms-swift has a GaLore form of. */
    private static RuleMaker inside(TrainSpec spec, RuleMaker plain) {
        boolean adam = ADAM.contains(spec.optim());
        boolean quantised = spec.galore().galoreQuantization();
        if (quantised && (adam || ADAM_8_BIT.contains(spec.optim()))) {
            return (name, shape, memory) -> Adam8Bit.of(spec, name, shape, memory);
        }
        if (adam) {
            return (name, shape, memory) -> new Adam32Bit(spec, shape, memory);
        }
        if (quantised || !(ADAM_8_BIT.contains(spec.optim()) || spec.optim().equals(ADAFACTOR))) {
            throw new UserError(
                    "Cannot use GaLore",
                    "use_galore" + (quantised ? " with galore_quantization" : "") + " does not go with optim "
                            + spec.optim(),
                    "Choose " + String.join(", ", ADAM) + ", " + String.join(", ", ADAM_8_BIT)
                            + (quantised ? "." : " or " + ADAFACTOR + "."));
        }
        return plain;
    }

    /** Whether a weight is meant: by parts of its module's name, or as a linear of a layer; the embedding if asked for. */
    public static boolean applies(GaloreSpec galore, String name, long[] shape) {
        if (shape.length != 2 || !name.endsWith(".weight")) {
            return false;
        }
        if (galore.galoreWithEmbedding() && WeightNames.isEmbedding(name)) {
            return true;
        }
        return galore.galoreTargetModules().isEmpty()
                ? WeightNames.isLinear(name, shape)
                : galore.galoreTargetModules().stream().anyMatch(name::contains);
    }

    @Override
    public void step(Tensor weight, Tensor gradient, double rate, double decay) {
        Tensor low = subspace.down(gradient);
        Tensor move = low.mul(Torch.scalar(0));
        inside.step(move, low, rate, 0);
        weight.add_(subspace.up(move), Torch.scalar(scale));
        if (decay > 0) {
            weight.mul_(Torch.scalar(1 - rate * decay));
        }
    }

    @Override
    public SortedMap<String, Tensor> state() {
        SortedMap<String, Tensor> state = new TreeMap<>(inside.state());
        subspace.describe(state);
        return state;
    }
}
