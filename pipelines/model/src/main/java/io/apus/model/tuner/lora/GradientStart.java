package io.apus.model.tuner.lora;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.LoraGaSpec;
import io.apus.tensor.Decomposition;
import io.apus.tensor.Torch;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * LoRA-GA (Wang et al., 2024): A and B begin as singular vectors of the gradient of W, so that the first steps go where full training
 * would go; their product is taken out of W.
 *
 * @param gradients of the model as it is, by parameter name, [outFeatures, inFeatures]
 */
record GradientStart(LoraSettings settings, LoraGaSpec options, Map<String, Tensor> gradients) implements LoraStart {
    private static final int ITERATIONS = 4;
    private static final double STABLE_POWER = 0.25;

    @Override
    public Values of(Place place, GeneratorOptional generator) {
        Tensor gradient = gradients.get(place.module() + ".weight");
        if (gradient == null) {
            throw new UserError(
                    "Cannot attach adapter",
                    "init_weights lora-ga needs the gradient of " + place.module(),
                    "Train through a run, which has data, or use another init_weights.");
        }
        int rank = settings.rank();
        long most = Math.min(place.inFeatures(), place.outFeatures());
        if (2L * rank > most) {
            throw new UserError(
                    "Cannot attach adapter",
                    "init_weights lora-ga needs 2 x lora_rank singular vectors and " + place.module() + " has " + most,
                    "Set lora_rank to " + most / 2 + " or less.");
        }
        Decomposition.Svd parts = largest(gradient, Math.min(4L * rank, most));
        double scale = scale(place);
        Picked picked = picked(parts, generator);
        Tensor down = picked.down().mul(Torch.scalar(scale));
        Tensor up = picked.up().mul(Torch.scalar(scale));
        Tensor weight = place.weight().get();
        return new Values(down, up, weight.sub(up.mm(down).mul_(Torch.scalar(settings.scale()))));
    }

    private static Decomposition.Svd largest(Tensor matrix, long count) {
        return Decomposition.lowRankSvd(matrix, count, ITERATIONS, new GeneratorOptional(torch.make_generator_cpu(0)));
    }

    /** Rows of V^T for A and columns of U for B, as lora_ga_direction names them: Ar is 1 .. r, A2r is r + 1 .. 2r. */
    private record Picked(Tensor down, Tensor up) {}

    private Picked picked(Decomposition.Svd parts, GeneratorOptional generator) {
        int r = settings.rank();
        return switch (options.loraGaDirection()) {
            case "ArB2r" -> new Picked(parts.vh().narrow(0, 0, r), parts.u().narrow(1, r, r));
            case "A2rBr" -> new Picked(parts.vh().narrow(0, r, r), parts.u().narrow(1, 0, r));
            case "ArBr" -> alternating(parts);
            default -> random(parts, generator);
        };
    }

    private Picked alternating(Decomposition.Svd parts) {
        long[] odd = new long[settings.rank()];
        long[] even = new long[settings.rank()];
        for (int i = 0; i < odd.length; i++) {
            even[i] = 2L * i;
            odd[i] = 2L * i + 1;
        }
        return chosen(parts, odd, even);
    }

    private Picked random(Decomposition.Svd parts, GeneratorOptional generator) {
        int r = settings.rank();
        Tensor order = Torch.emptyFloats(2L * r).uniform_(0, 1, generator).argsort();
        long[] all = Torch.toLongs(order);
        return chosen(parts, Arrays.copyOf(all, r), Arrays.copyOfRange(all, r, 2 * r));
    }

    private static Picked chosen(Decomposition.Svd parts, long[] downs, long[] ups) {
        return new Picked(
                parts.vh().index_select(0, Torch.longs(downs)), parts.u().index_select(1, Torch.longs(ups)));
    }

    /** stable: outFeatures^(1/4) / sqrt(gamma); gd: 1 / scale of the update; weightS: the size of W's singular values. */
    private double scale(Place place) {
        return switch (options.loraGaScale()) {
            case "stable" -> Math.pow(place.outFeatures(), STABLE_POWER) / Math.sqrt(options.loraGaStableGamma());
            case "gd" -> 1 / settings.scale();
            case "weightS" -> {
                int r = settings.rank();
                long most = Math.min(place.inFeatures(), place.outFeatures());
                Tensor values = largest(place.weight().get(), Math.min(4L * r, most))
                        .s()
                        .narrow(0, 0, r);
                yield Math.sqrt(values.sum().item_double() / settings.scale() / r);
            }
            default -> 1;
        };
    }

    @Override
    public boolean changesBase() {
        return true;
    }
}
