package io.apus.jobs.eval;

import io.apus.model.DecoderModel;
import io.apus.model.tuner.Adapters;
import java.nio.file.Path;

/** Loads the model of a {@link ModelSource}, adapters folded into the weights. */
final class ModelLoader {
    private ModelLoader() {}

    static DecoderModel load(ModelSource source) {
        DecoderModel model = DecoderModel.load(Path.of(source.base()));
        if (source.adapter() != null) {
            Adapters.load(model, Path.of(source.adapter()), false).merge(model);
        }
        return model;
    }
}
