package io.apus.model.tuner.lora;

import io.apus.tensor.Decomposition;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/** OLoRA (Buyukakyuz, 2024): B begins as the first columns of Q and A as the first rows of R of W = Q R; their product leaves W. */
record OrthonormalStart(LoraSettings settings) implements LoraStart {
    @Override
    public Values of(Place place, GeneratorOptional generator) {
        Tensor weight = place.weight().get();
        Decomposition.Qr parts = Decomposition.qr(weight);
        Tensor down = parts.r().narrow(0, 0, settings.rank()).contiguous();
        Tensor up = parts.q().narrow(1, 0, settings.rank()).contiguous();
        return new Values(down, up, weight.sub(up.mm(down).mul_(Torch.scalar(settings.scale()))));
    }

    @Override
    public boolean changesBase() {
        return true;
    }
}
