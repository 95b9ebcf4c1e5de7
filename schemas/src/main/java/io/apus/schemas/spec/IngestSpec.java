package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;
import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which data is read. */
@Doc("which data is read")
public record IngestSpec(
        @Doc(
                        "datasets: ID[:SUBSETS][/SPLIT][#N] of a catalog or, with hf:: or ms:: before it, a hub; or a file, folder, glob or Delta table"
                                + " (json, jsonl, csv, parquet, txt) with #N to take N rows and @vN to read a table's version N")
                List<String> dataset,
        @Doc("datasets for validation") List<String> valDataset,
        @Doc("share of each dataset held out for validation; ignored when val_dataset is given")
                Double splitDatasetRatio,
        @Doc("seed of sampling, splitting, mixing and shuffling of data") Long dataSeed,
        @Doc("take #N rows and the validation share at random, else from the head") Boolean datasetShuffle,
        @Doc("the same for #N of val_dataset") Boolean valDatasetShuffle,
        @Doc("mix the datasets: a probability for each, together 1; all their rows are used when not given")
                List<Double> interleaveProb,
        @Doc(
                        "mixing ends when the first dataset is used up (first_exhausted), or goes on, repeating rows, until every one is"
                                + " (all_exhausted)")
                String stoppingStrategy,
        @Doc("column renames, source: target; wins over automatic mapping") Map<String, String> columns,
        @Doc("recognise standard column names only, not their synonyms") Boolean disableAutoColumnMapping,
        @Doc("Chinese and English name of the model, or one for both, in place of {{NAME}} in every dataset")
                List<String> modelName,
        @Doc("Chinese and English name of its author, or one for both, in place of {{AUTHOR}} in every dataset")
                List<String> modelAuthor,
        @Doc("stop at the first bad row instead of refusing it") Boolean strict) {
    private static final String FIRST_EXHAUSTED = "first_exhausted";
    private static final String ALL_EXHAUSTED = "all_exhausted";

    public IngestSpec {
        dataset = orEmpty(dataset);
        valDataset = orEmpty(valDataset);
        splitDatasetRatio = orElse(splitDatasetRatio, 0.0);
        dataSeed = orElse(dataSeed, 42L);
        datasetShuffle = orElse(datasetShuffle, true);
        valDatasetShuffle = orElse(valDatasetShuffle, false);
        interleaveProb = orEmpty(interleaveProb);
        stoppingStrategy = orElse(stoppingStrategy, FIRST_EXHAUSTED);
        columns = columns == null ? Map.of() : new TreeMap<>(columns);
        disableAutoColumnMapping = orElse(disableAutoColumnMapping, false);
        modelName = orEmpty(modelName);
        modelAuthor = orEmpty(modelAuthor);
        strict = orElse(strict, false);
        mixing(dataset, interleaveProb, new Problems("ingest"))
                .require(!dataset.isEmpty(), "dataset", "name at least one dataset")
                .require(
                        splitDatasetRatio >= 0 && splitDatasetRatio < 1,
                        "split_dataset_ratio",
                        "must be at least 0 and below 1, is " + splitDatasetRatio)
                .oneOf("stopping_strategy", stoppingStrategy, List.of(FIRST_EXHAUSTED, ALL_EXHAUSTED))
                .require(modelName.size() <= 2, "model_name", "takes a Chinese and an English name")
                .require(modelAuthor.size() <= 2, "model_author", "takes a Chinese and an English name")
                .throwIfAny();
    }

    /** These datasets, everything else by default. */
    public static IngestSpec of(List<String> dataset) {
        return new IngestSpec(dataset, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    private static Problems mixing(List<String> dataset, List<Double> probabilities, Problems problems) {
        double sum = probabilities.stream().mapToDouble(Double::doubleValue).sum();
        return problems.require(
                        probabilities.isEmpty() || probabilities.size() == dataset.size(),
                        "interleave_prob",
                        "has " + probabilities.size() + " probabilities for " + dataset.size() + " datasets")
                .require(
                        probabilities.stream().allMatch(probability -> probability > 0),
                        "interleave_prob",
                        "every probability must be above 0, they are " + probabilities)
                .require(
                        probabilities.isEmpty() || Math.abs(sum - 1) < 1e-6,
                        "interleave_prob",
                        "the probabilities must add up to 1, they add up to " + sum);
    }

    /** Whether mixing goes on until every dataset is used up. */
    public boolean mixesAll() {
        return stoppingStrategy.equals(ALL_EXHAUSTED);
    }
}
