package io.apus.train;

import io.apus.schemas.World;
import io.apus.tensor.Device;
import java.util.function.BooleanSupplier;

/**
 * What a rank is told by whoever starts it.
 *
 * @param reports told what happens on rank 0, and of a stall on every rank; an exception of it ends the run
 * @param stopWanted asked after each step; once it says yes on any rank, all ranks end at the same step with a checkpoint
 * @param device what this rank, and no other, computes on
 */
public record RankPlace(World world, TrainReports reports, BooleanSupplier stopWanted, Device device) {
    /** A rank on the CPU. */
    public RankPlace(World world, TrainReports reports, BooleanSupplier stopWanted) {
        this(world, reports, stopWanted, Device.CPU);
    }

    /** A rank that nobody stops. */
    public static RankPlace of(World world, TrainReports reports) {
        return new RankPlace(world, reports, () -> false);
    }

    /** The same rank on another device. */
    public RankPlace on(Device other) {
        return new RankPlace(world, reports, stopWanted, other);
    }
}
