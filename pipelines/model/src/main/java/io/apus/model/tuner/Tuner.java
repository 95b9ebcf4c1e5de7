package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import java.nio.file.Path;

/** A way to make a model trainable: which parameters learn, what is attached for it, and what is kept of it. */
public interface Tuner {
    /** Attaches whatever is trained and marks exactly the parameters that learn; the same {@code seed} starts from the same values. */
    void attach(DecoderModel model, long seed);

    /**
     * Writes what was trained.
     *
     * @param baseModel where the untrained weights come from, a folder or a hub id; adapters name it
     */
    void save(DecoderModel model, Path folder, String baseModel);

    /** Folds what was attached into the model's own weights, which then are the trained model. */
    void merge(DecoderModel model);
}
