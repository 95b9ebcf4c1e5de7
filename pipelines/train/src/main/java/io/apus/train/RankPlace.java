package io.apus.train;

import io.apus.schemas.World;
import java.util.function.BooleanSupplier;

/**
 * What a rank is told by whoever starts it.
 *
 * @param reports told what happens on rank 0, and of a stall on every rank; an exception of it ends the run
 * @param stopWanted asked after each step; once it says yes on any rank, all ranks end at the same step with a checkpoint
 */
public record RankPlace(World world, TrainReports reports, BooleanSupplier stopWanted) {
    /** A rank that nobody stops. */
    public static RankPlace of(World world, TrainReports reports) {
        return new RankPlace(world, reports, () -> false);
    }
}
