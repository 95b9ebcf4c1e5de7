package io.apus.model.tuner.lora;

import io.apus.model.quant.format.FourBitType;
import io.apus.model.quant.format.FourBitWeight;
import io.apus.tensor.Decomposition;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * LoftQ (Li et al., 2023) with one alternation, as PEFT does it: W is rounded to NF4 numbers in blocks of 64, and the update begins
 * as the part of what that loses with the largest singular values. Unlike PEFT's, the factors are divided by the scale, so that W is
 * met best whatever lora_alpha is.
 */
record QuantisedStart(LoraSettings settings) implements LoraStart {
    /** Bits of a rounded number; PEFT's default. */
    static final int BITS = 4;

    @Override
    public Values of(Place place, GeneratorOptional generator) {
        Tensor weight = place.weight().get();
        Tensor rounded = FourBitWeight.quantise(weight, FourBitType.NF4, FourBitWeight.BLOCK, false)
                .dequantise();
        Decomposition.Svd lost = Decomposition.svd(weight.sub(rounded)).first(settings.rank());
        Tensor roots = lost.s().div(Torch.scalar(settings.scale())).sqrt();
        return new Values(roots.unsqueeze(1).mul(lost.vh()), lost.u().mul(roots), rounded);
    }

    @Override
    public boolean changesBase() {
        return true;
    }

    /** The rounded W and the update are about W, not W itself. */
    @Override
    public boolean takesItselfOut() {
        return false;
    }
}
