package io.apus.jobs.train;

import io.apus.schemas.World;
import io.apus.spark.barrier.RankTask;
import io.apus.tensor.collective.CollectiveFailure;
import io.apus.train.TrainResult;
import io.apus.train.TrainTask;
import io.apus.train.Trainer;
import java.util.function.Consumer;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One rank's training inside an executor.
 *
 * @param hadoop the session's file systems
 */
record TrainRank(TrainTask task, SerializableConfiguration hadoop) implements RankTask<TrainResult> {
    @Override
    public TrainResult run(World world, Consumer<String> report) {
        return Trainer.run(task, world, report::accept, HadoopStorage.storages(hadoop.value()));
    }

    @Override
    public boolean causedByPeer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CollectiveFailure) {
                return true;
            }
        }
        return false;
    }
}
