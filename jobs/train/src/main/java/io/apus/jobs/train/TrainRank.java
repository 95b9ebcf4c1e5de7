package io.apus.jobs.train;

import io.apus.spark.barrier.RankContext;
import io.apus.spark.barrier.RankTask;
import io.apus.tensor.collective.CollectiveFailure;
import io.apus.tensor.Device;
import io.apus.train.RankPlace;
import io.apus.train.TrainResult;
import io.apus.train.TrainTask;
import io.apus.train.Trainer;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One rank's training inside an executor.
 *
 * @param hadoop the session's file systems
 */
record TrainRank(TrainTask task, SerializableConfiguration hadoop) implements RankTask<TrainResult> {
    @Override
    public TrainResult run(RankContext rank) {
        RankPlace place = new RankPlace(rank.world(), rank::report, rank::stopRequested)
                .on(Device.parse(rank.device()));
        return Trainer.run(task, place, HadoopStorage.storages(hadoop.value()));
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
