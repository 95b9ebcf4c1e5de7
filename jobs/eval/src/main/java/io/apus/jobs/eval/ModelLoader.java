package io.apus.jobs.eval;

import io.apus.model.DecoderModel;
import io.apus.model.quant.Quantisers;
import io.apus.model.tuner.Adapters;
import io.apus.model.tuner.method.Tuner;
import java.nio.file.Path;

/**
 * Loads the model of a {@link ModelSource}. An adapter is folded into the weights where it is a change of weights, which is faster, but not
 * into quantised ones: they would be floats afterwards, and take the memory that quantising them saved.
 */
final class ModelLoader {
    private ModelLoader() {}

    static DecoderModel load(ModelSource source) {
        DecoderModel model = DecoderModel.load(Path.of(source.base()), Quantisers.of(source.quantise()));
        try {
            boolean floats = model.quantised() == 0;
            if (source.adapter() != null) {
                Tuner tuner = Adapters.load(model, Path.of(source.adapter()), false);
                if (floats && tuner.mergeable()) {
                    tuner.merge(model);
                }
            }
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }
}
