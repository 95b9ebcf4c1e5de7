package io.apus.jobs.export;

import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the trained weights lie.
 *
 * @param base folder with all weights: the trained model, or the one that an adapter belongs to
 * @param adapter PEFT adapter folder, or null
 * @param tokenizer folder with the tokenizer
 */
record TrainedModel(Path base, Path adapter, Path tokenizer) {
    static TrainedModel of(RunSpec spec, RunLayout layout) {
        Path trained = layout.trainedModel();
        Path tokenizer = layout.tokenizer(spec.model());
        if (Files.exists(trained.resolve("adapter_config.json"))) {
            return new TrainedModel(layout.startModel(spec.model()), trained, tokenizer);
        }
        return new TrainedModel(trained, null, tokenizer);
    }
}
