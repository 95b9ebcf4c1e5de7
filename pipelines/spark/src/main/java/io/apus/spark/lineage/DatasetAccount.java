package io.apus.spark.lineage;

import java.util.Map;

/**
 * What became of the rows of one dataset: {@code rows() == train + validation + sum(refused)}, copies counted like rows.
 *
 * @param index position of the dataset in the run
 * @param dataset its name
 * @param train rows in the shards of the training split
 * @param validation rows in the shards of the validation split
 * @param refused rows that no shard holds, by "stage reason"
 */
public record DatasetAccount(int index, String dataset, long train, long validation, Map<String, Long> refused) {
    public long rows() {
        return train + validation + refusedRows();
    }

    public long refusedRows() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }
}
