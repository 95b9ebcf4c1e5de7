package io.apus.model.tuner.lora;

import io.apus.tensor.Torch;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/** Starts that leave W as it is: A random, B zero (or random too, which changes what the model computes at once). */
record RandomStart(LoraSettings settings) implements LoraStart {
    @Override
    public Values of(Place place, GeneratorOptional generator) {
        int rank = settings.rank();
        Tensor down = Torch.emptyFloats(rank, place.inFeatures());
        if (settings.start().equals(LoraStarts.GAUSSIAN)) {
            down.normal_(0, 1.0 / rank, generator);
        } else {
            uniform(down, place.inFeatures(), generator);
        }
        Tensor up = Torch.zeros(place.outFeatures(), rank);
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
