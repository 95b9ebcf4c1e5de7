package io.apus.jobs.train;

import io.apus.spark.barrier.RankContext;
import io.apus.spark.barrier.RankTask;
import io.apus.tensor.collective.CollectiveFailure;
import io.apus.train.RankPlace;
import io.apus.train.TrainResult;
import io.apus.train.TrainTask;
import io.apus.train.Trainer;

/** One rank's training inside an executor. */
record TrainRank(TrainTask task) implements RankTask<TrainResult> {
    @Override
    public TrainResult run(RankContext rank) {
        return Trainer.run(task, new RankPlace(rank.world(), rank.device(), rank::report, rank::stopRequested));
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
