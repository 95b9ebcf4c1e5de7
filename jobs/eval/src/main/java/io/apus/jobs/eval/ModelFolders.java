package io.apus.jobs.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.model.DecoderModel;
import io.apus.model.tuner.BaseQuantisation;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.QuantiseSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model on disk, for use without a run.
 *
 * @param base Hugging Face folder
 * @param adapter PEFT adapter folder, or null
 */
public record ModelFolders(Path base, Path adapter) {
    private static final String ADAPTER_CONFIG = "adapter_config.json";
    private static final String PROBLEM = "Cannot load the model";

    /** Finds the folders from what the user named; each may be null, and a model folder may turn out to be an adapter. */
    public static ModelFolders of(Path model, Path adapters) {
        if (model == null && adapters == null) {
            throw new UserError(PROBLEM, "no folder was named", "Give --model FOLDER.");
        }
        boolean isAdapter = model != null && adapters == null && Files.exists(model.resolve(ADAPTER_CONFIG));
        Path adapter = isAdapter ? model : adapters;
        Path base = model == null || isAdapter ? baseOf(adapter) : model;
        if (!Files.isDirectory(base)) {
            throw new UserError(PROBLEM, base + " is not a folder", "Give the folder that holds config.json.");
        }
        if (!Files.isRegularFile(base.resolve("config.json"))) {
            throw new UserError(
                    PROBLEM,
                    base + " has no config.json",
                    "Give a Hugging Face folder, for example the exported one (OUTPUT_DIR/export/hf).");
        }
        return new ModelFolders(base, adapter);
    }

    private static Path baseOf(Path adapter) {
        Path file = adapter.resolve(ADAPTER_CONFIG);
        try {
            JsonNode name = JsonMapper.builder()
                    .build()
                    .readTree(Files.readString(file))
                    .path("base_model_name_or_path");
            if (!name.isTextual() || name.asText().isBlank()) {
                throw new UserError(PROBLEM, file + " names no base_model_name_or_path", "Give --model FOLDER too.");
            }
            return Path.of(name.asText());
        } catch (JsonProcessingException e) {
            throw new UserError(PROBLEM, file + " is not JSON: " + e.getOriginalMessage(), "", e);
        } catch (IOException e) {
            throw new UserError(PROBLEM, "cannot read " + file, "Give a PEFT adapter folder.", e);
        }
    }

    /** The folder with the tokenizer: the adapter's where it brings one, which knows tokens that the model does not. */
    public Path tokenizer() {
        return adapter != null && Files.isRegularFile(adapter.resolve("tokenizer.json")) ? adapter : base;
    }

    /** Loads it with its adapter, on the base as the adapter's folder says that it was trained on. */
    public DecoderModel load() {
        return load(adapter == null ? QuantiseSpec.none() : BaseQuantisation.read(adapter));
    }

    /** The same with the base quantised in another way. */
    public DecoderModel load(QuantiseSpec quantise) {
        return ModelLoader.load(new ModelSource(
                base.toString(),
                quantise,
                adapter == null ? null : adapter.toString(),
                tokenizer().toString(),
                ""));
    }
}
