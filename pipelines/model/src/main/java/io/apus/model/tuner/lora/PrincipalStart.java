package io.apus.model.tuner.lora;

import io.apus.tensor.Decomposition;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * PiSSA (Meng et al., 2024): the update begins as the part of W with the largest singular values, which is taken out of W.
 *
 * @param iterations rounds of the randomised decomposition, or -1 for the exact one. Its random numbers are always the same, so
 *     that an adapter that is loaded again finds the same W
 */
record PrincipalStart(LoraSettings settings, int iterations) implements LoraStart {
    @Override
    public Values of(Place place, GeneratorOptional generator) {
        Tensor weight = place.weight().get();
        Decomposition.Svd parts = iterations < 0
                ? Decomposition.svd(weight).first(settings.rank())
                : Decomposition.lowRankSvd(
                        weight, settings.rank(), iterations, new GeneratorOptional(torch.make_generator_cpu(0)));
        Tensor roots = parts.s().div(Torch.scalar(settings.scale())).sqrt();
        Tensor down = roots.unsqueeze(1).mul(parts.vh());
        Tensor up = parts.u().mul(roots);
        return new Values(down, up, weight.sub(up.mm(down).mul_(Torch.scalar(settings.scale()))));
    }

    @Override
    public boolean changesBase() {
        return true;
    }
}
