package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Tuner;
import java.nio.file.Path;

/** Adapters on disk. */
public final class Adapters {
    private Adapters() {}

    /**
     * Attaches the adapter that {@code folder} holds in PEFT's layout.
     *
     * @param trainable whether it goes on learning; otherwise everything is frozen
     * @return the tuner to save or merge it with
     */
    public static Tuner load(DecoderModel model, Path folder, boolean trainable) {
        Tuner tuner = Tuners.of(PeftFiles.config(folder));
        tuner.load(model, folder);
        if (!trainable) {
            model.parameters().values().stream().filter(Parameter::trainable).forEach(p -> p.trainable(false));
        }
        return tuner;
    }
}
