package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;
import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which data is read. */
@Doc("which data is read")
public record IngestSpec(
        @Doc("datasets: a path or glob (json, jsonl, csv, parquet, txt) or a catalog name, with #N to take N rows")
                List<String> dataset,
        @Doc("datasets for validation") List<String> valDataset,
        @Doc("share of each dataset held out for validation; ignored when val_dataset is given")
                Double splitDatasetRatio,
        @Doc("seed of sampling, splitting and shuffling of data") Long dataSeed,
        @Doc("take #N rows and the validation share at random, else from the head") Boolean datasetShuffle,
        @Doc("column renames, source: target; wins over automatic mapping") Map<String, String> columns,
        @Doc("stop at the first bad row instead of refusing it") Boolean strict) {
    public IngestSpec {
        dataset = orEmpty(dataset);
        valDataset = orEmpty(valDataset);
        splitDatasetRatio = orElse(splitDatasetRatio, 0.0);
        dataSeed = orElse(dataSeed, 42L);
        datasetShuffle = orElse(datasetShuffle, true);
        columns = columns == null ? Map.of() : new TreeMap<>(columns);
        strict = orElse(strict, false);
        new Problems("ingest")
                .require(!dataset.isEmpty(), "dataset", "name at least one dataset")
                .require(
                        splitDatasetRatio >= 0 && splitDatasetRatio < 1,
                        "split_dataset_ratio",
                        "must be at least 0 and below 1, is " + splitDatasetRatio)
                .throwIfAny();
    }
}
