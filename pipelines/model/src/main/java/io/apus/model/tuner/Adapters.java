package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import java.nio.file.Path;

/** Adapters on disk. */
public final class Adapters {
    private Adapters() {}

    /**
     * Attaches the adapter that {@code folder} holds, to be trained on by the tuner of {@code spec}; its own settings stay.
     *
     * @throws UserError if that tuner does not train adapters of its kind
     */
    public static Tuner resume(DecoderModel model, Path folder, TunerSpec spec) {
        String kind = PeftFiles.config(folder).peftType();
        if (!kind.equals(Tuners.peftType(spec))) {
            throw new UserError(
                    "Cannot start from adapter " + folder,
                    "it is of the kind " + kind + ", which tuner_type " + spec.tunerType() + " does not train",
                    "Set the tuner_type that made it, or merge it into a model first.");
        }
        return load(model, folder, true);
    }

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
