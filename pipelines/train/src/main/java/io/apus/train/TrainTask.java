package io.apus.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.shards.ManifestFile;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One training run, as every rank is told it. Paths are those of a file system that all ranks share.
 *
 * @param modelFolder Hugging Face folder of the model to start from
 * @param tokenizerFolder holds the tokenizer, and a config.json whose vocab_size says how many rows the embeddings are to have
 * @param randomWeights whether to start from random weights of {@code seed} (the folder then has none)
 * @param adapters PEFT folders to start from; at most one, which is trained on
 * @param trainShards folder of the packed rows
 * @param validationShards folder of the validation rows; null when there are none
 * @param output the stage's folder: checkpoints/, model/, logging.jsonl and runs/ go there
 * @param seed seed of random weights, order and dropout
 * @param modelSha256 identity of the model's files, see {@link ModelFiles#fingerprint}
 * @param datasetSha256 {@link ShardManifest#contentSha256} of the training rows
 * @param tokenizerSha256 of the tokenizer.json that made the ids
 * @param rowOptions how the rows were made, by option name: it explains why a dataset is another one
 * @param torchDtype float32, bfloat16 or, for what suits the device, null
 */
public record TrainTask(
        String modelFolder,
        String tokenizerFolder,
        boolean randomWeights,
        List<String> adapters,
        String trainShards,
        String validationShards,
        String output,
        TrainSpec train,
        TunerSpec tuner,
        QuantiseSpec quantise,
        long seed,
        String modelSha256,
        String datasetSha256,
        String tokenizerSha256,
        SortedMap<String, String> rowOptions,
        String torchDtype)
        implements Serializable {
    private static final ObjectMapper JSON = new ObjectMapper();

    public TrainTask {
        adapters = List.copyOf(adapters);
        rowOptions = Collections.unmodifiableSortedMap(new TreeMap<>(rowOptions));
    }

    /** The same task with weights and products of another type. */
    public TrainTask withTorchDtype(String dtype) {
        return new TrainTask(
                modelFolder,
                tokenizerFolder,
                randomWeights,
                adapters,
                trainShards,
                validationShards,
                output,
                train,
                tuner,
                quantise,
                seed,
                modelSha256,
                datasetSha256,
                tokenizerSha256,
                rowOptions,
                dtype);
    }

    /** The task of a run folder, with the fingerprints of what lies in it now; validation rows count when there are any. */
    public static TrainTask of(
            RunLayout run,
            Path model,
            Path tokenizer,
            boolean randomWeights,
            List<String> adapters,
            TrainSpec train,
            TunerSpec tuner,
            QuantiseSpec quantise,
            long seed,
            SortedMap<String, String> rowOptions) {
        ShardManifest rows = ManifestFile.readShards(run.shards("train").resolve(RunLayout.MANIFEST));
        return new TrainTask(
                model.toString(),
                tokenizer.toString(),
                randomWeights,
                adapters,
                run.shards("train").toString(),
                validation(run.shards("validation")),
                run.stage("train").toString(),
                train,
                tuner,
                quantise,
                seed,
                ModelFiles.fingerprint(model),
                rows.contentSha256(),
                rows.tokenizerSha256(),
                rowOptions,
                null);
    }

    private static String validation(Path folder) {
        Path manifest = folder.resolve(RunLayout.MANIFEST);
        return Files.exists(manifest) && ManifestFile.readShards(manifest).rows() > 0 ? folder.toString() : null;
    }

    /** Where its checkpoints lie. */
    String checkpoints() {
        String given = train.checkpoint().checkpointDir();
        return given != null ? given : Path.of(output).resolve("checkpoints").toString();
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a task is plain data", e);
        }
    }

    public static TrainTask fromJson(String json) {
        try {
            return JSON.readValue(json, TrainTask.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a training task: " + json, e);
        }
    }

    /** Specs are plain records; the task travels between processes as its JSON. */
    private Object writeReplace() {
        return new Travelling(toJson());
    }

    private record Travelling(String json) implements Serializable {
        private Object readResolve() {
            return fromJson(json);
        }
    }
}
