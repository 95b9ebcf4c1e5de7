package io.apus.model.tuner;

import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.method.AdaptedProjection;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A linear of 24 inputs and 16 outputs, seven tokens for it, and changes of it that are not at their start. */
public final class SmallLinears {
    public static final int IN = 24;
    public static final int OUT = 16;
    public static final int TOKENS = 7;

    private SmallLinears() {}

    public static Linear base() {
        Torch.seed(5);
        return new Linear(new Parameter("m.weight", torch.randn(OUT, IN)), new Parameter("m.bias", torch.randn(OUT)));
    }

    public static Tensor input() {
        Torch.seed(6);
        return torch.randn(TOKENS, IN);
    }

    public static GeneratorOptional generator() {
        return new GeneratorOptional(torch.make_generator_cpu(3));
    }

    public static <P extends AdaptedProjection> P disturbed(P adapted) {
        Torch.seed(7);
        try (NoGrad guard = Torch.noGrad()) {
            adapted.added().forEach(p -> p.tensor().add_(torch.randn(p.shape()).mul(Torch.scalar(0.3))));
        }
        return adapted;
    }

    /** The largest difference between what the change computes and what its base computes after merging. */
    public static double mergingError(AdaptedProjection adapted) {
        Tensor unmerged = adapted.forward(input(), false);
        Tensor merged = adapted.merged().forward(input(), false);
        return unmerged.sub(merged).abs().max().item_double();
    }
}
