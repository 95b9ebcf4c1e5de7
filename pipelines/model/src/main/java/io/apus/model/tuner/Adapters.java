package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
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
        LoraTuner tuner = new LoraTuner(PeftConfig.read(PeftFiles.config(folder)));
        tuner.attach(model, 0);
        PeftFiles.read(folder, tuner.trained(model));
        if (!trainable) {
            model.parameters().values().stream().filter(Parameter::trainable).forEach(p -> p.trainable(false));
        }
        return tuner;
    }
}
