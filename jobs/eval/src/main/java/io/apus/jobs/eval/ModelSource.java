package io.apus.jobs.eval;

import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.RunSpec;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a model comes from, in words that an executor can be sent.
 *
 * @param base folder with config.json and all weights
 * @param quantise how the base is quantised on loading
 * @param adapter PEFT adapter folder, or null
 * @param tokenizer folder with the tokenizer and the chat template
 * @param commit what makes a changed folder another model
 */
record ModelSource(String base, QuantiseSpec quantise, String adapter, String tokenizer, String commit)
        implements Serializable {
    private static final String ADAPTER_FILE = "adapter_config.json";

    /** The model that the run has trained: an adapter on the base as it was in training, unless the run asks for the base as it is stored. */
    static ModelSource trained(RunSpec spec, RunLayout layout, String commit) {
        Path trained = layout.trainedModel().toAbsolutePath();
        Path start = layout.startModel(spec.model());
        boolean isAdapter = Files.exists(trained.resolve(ADAPTER_FILE));
        return new ModelSource(
                (isAdapter ? start.toAbsolutePath() : trained).toString(),
                isAdapter && spec.evaluate().baseAsTrained() ? spec.model().quantise() : QuantiseSpec.none(),
                isAdapter ? trained.toString() : null,
                layout.tokenizer(spec.model()).toAbsolutePath().toString(),
                commit);
    }
}
