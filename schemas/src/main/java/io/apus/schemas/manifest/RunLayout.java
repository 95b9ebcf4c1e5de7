package io.apus.schemas.manifest;

import io.apus.schemas.spec.ModelSpec;
import java.nio.file.Path;

/** Where everything of a run lies below its output folder. */
public record RunLayout(Path root) {
    public static final String MANIFEST = "manifest.json";

    /** Folder that a stage writes and nobody else. */
    public Path stage(String name) {
        return root.resolve(name);
    }

    public Path manifest(String stage) {
        return stage(stage).resolve(MANIFEST);
    }

    /** Tables by stage: {@code ingest/samples}, {@code filter/clean}, {@code tokenize/tokens}, {@code <stage>/rejects}, {@code evaluate/scores}. */
    public Path table(String stage, String table) {
        return stage(stage).resolve(table);
    }

    /** Shards of a split: {@code pack/shards/<split>}. */
    public Path shards(String split) {
        return stage("pack").resolve("shards").resolve(split);
    }

    /**
     * The folder with the vocabulary and the configuration of a run that makes its own model, or adds tokens to the one that it was
     * given.
     */
    public Path createdModel() {
        return stage("tokenize").resolve("model");
    }

    /** The model folder that the run starts from: the one it was given, or {@link #createdModel}. */
    public Path startModel(ModelSpec model) {
        return model.model() == null ? createdModel() : Path.of(model.model());
    }

    /** The folder with the tokenizer of the run and the configuration that fits it: {@link #startModel} unless tokens were added. */
    public Path tokenizer(ModelSpec model) {
        return model.newTokens().isEmpty() ? startModel(model) : createdModel();
    }

    public Path checkpoints() {
        return stage("train").resolve("checkpoints");
    }

    /** What training leaves: a Hugging Face folder (full) or a PEFT adapter folder (lora). */
    public Path trainedModel() {
        return stage("train").resolve("model");
    }

    public Path trainLog() {
        return stage("train").resolve("logging.jsonl");
    }

    /** What the ranks printed, and what explains their failures. */
    public Path rankLogs() {
        return stage("train").resolve("logs");
    }

    public Path report() {
        return stage("evaluate").resolve("report.html");
    }

    public Path exported(String format) {
        return stage("export").resolve(format);
    }
}
