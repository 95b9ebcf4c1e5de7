package io.apus.train;

import io.apus.schemas.UserError;
import io.apus.shards.ShardReader;
import io.apus.train.order.ShardBatches;
import io.apus.train.order.StepPlan;
import io.apus.train.schedule.LearningRates;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The rows of a run and the order in which it takes them.
 *
 * @param rows the training rows
 * @param validation the validation rows, if any
 * @param plan which step trains on which rows
 */
record TrainingData(ShardReader rows, Optional<ShardReader> validation, StepPlan plan) {
    /** Opens and verifies the shards; they must be those that the task was made for. */
    static TrainingData open(TrainTask task) {
        ShardReader rows = ShardReader.open(Path.of(task.trainShards()));
        String found = rows.manifest().contentSha256();
        if (!found.equals(task.datasetSha256())) {
            throw new UserError(
                    "Cannot train",
                    "the rows in " + task.trainShards() + " have SHA-256 " + found + ", the run was started for "
                            + task.datasetSha256(),
                    "Run the pack stage again.");
        }
        if (rows.rows() == 0) {
            throw new UserError(
                    "Cannot train",
                    task.trainShards() + " holds no rows",
                    "Check what the filter and tokenize stages refused.");
        }
        Optional<ShardReader> validation =
                Optional.ofNullable(task.validationShards()).map(Path::of).map(ShardReader::open);
        LearningRates.requireEvaluations(task.train(), validation.isPresent());
        StepPlan plan = StepPlan.of(Math.toIntExact(rows.rows()), task.train(), task.seed());
        return new TrainingData(rows, validation, plan);
    }

    ShardBatches batches() {
        return new ShardBatches(rows, plan);
    }
}
