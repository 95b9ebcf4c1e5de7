package io.apus.model.tuner.lora;

import io.apus.model.tuner.method.PeftFiles;
import io.apus.schemas.UserError;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Torch;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * A start that cannot be computed again from the weights alone: what it took out of W is read from the adapter's file, where it lies
 * beside the factors.
 *
 * @param file of the adapter, or null before there is one
 */
record TakenStart(LoraSettings settings, SafeTensorsFile file) implements LoraStart {
    @Override
    public Values of(Place place, GeneratorOptional generator) {
        Tensor down = taken(place.module() + Residual.TAKEN_DOWN);
        Tensor up = taken(place.module() + Residual.TAKEN_UP);
        Tensor weight = place.weight().get();
        return new Values(down, up, weight.sub(up.mm(down).mul_(Torch.scalar(settings.scale()))));
    }

    private Tensor taken(String name) {
        String stored = PeftFiles.PREFIX + name;
        if (file == null || !file.contains(stored)) {
            throw new UserError(
                    "Cannot load adapter",
                    stored + " is missing, init_lora_weights " + settings.start() + " needs it",
                    "Load converted/default beside it, which fits the base model.");
        }
        return file.tensor(stored).clone();
    }

    @Override
    public boolean changesBase() {
        return true;
    }
}
