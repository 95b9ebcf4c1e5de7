package io.apus.model.tuner.lora;

import io.apus.tensor.Torch;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/** Starts that leave W as it is: A random, B zero (or random too, which changes what the model computes at once). */
record RandomStart(LoraSettings settings) implements LoraStart {
    @Override
    public Values of(Place place, GeneratorOptional generator) {
        return of(settings.rank(), place.inFeatures(), place.outFeatures(), generator);
    }

    /** The values for factors of {@code rank}, which may be that of several updates together. */
    Values of(int rank, long inFeatures, long outFeatures, GeneratorOptional generator) {
        Tensor down = Torch.emptyFloats(rank, inFeatures);
        if (settings.start().equals(LoraStarts.GAUSSIAN)) {
            down.normal_(0, 1.0 / settings.rank(), generator);
        } else {
            uniform(down, inFeatures, generator);
        }
        Tensor up = Torch.zeros(outFeatures, rank);
        if (settings.start().equals(LoraStarts.FALSE)) {
            uniform(up, rank, generator);
        }
        return new Values(down, up, null);
    }

    /** Kaiming-uniform with a = sqrt(5), as torch's linears begin. */
    private static void uniform(Tensor tensor, long inputs, GeneratorOptional generator) {
        double bound = 1 / Math.sqrt((double) inputs);
        tensor.uniform_(-bound, bound, generator);
    }

    @Override
    public boolean changesBase() {
        return false;
    }
}
