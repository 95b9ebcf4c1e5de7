package io.apus.jobs.eval;

import io.apus.model.DecoderModel;
import io.apus.model.tuner.Adapters;
import io.apus.model.tuner.method.Tuner;
import java.nio.file.Path;

/** Loads the model of a {@link ModelSource}, an adapter folded into the weights where it is a change of weights. */
final class ModelLoader {
    private ModelLoader() {}

    static DecoderModel load(ModelSource source) {
        DecoderModel model = DecoderModel.load(Path.of(source.base()));
        if (source.adapter() != null) {
            Tuner tuner = Adapters.load(model, Path.of(source.adapter()), false);
            if (tuner.mergeable()) {
                tuner.merge(model);
            }
        }
        return model;
    }
}
