package io.apus.train;

import io.apus.schemas.World;
import java.util.function.BooleanSupplier;

/**
 * What a rank is told by whoever starts it.
 *
 * @param device where it computes: "cpu", or "cuda:1" for the second GPU of its machine
 * @param reports told what happens on rank 0, and of a stall on every rank; an exception of it ends the run
 * @param stopWanted asked after each step; once it says yes on any rank, all ranks end at the same step with a checkpoint
 */
public record RankPlace(World world, String device, TrainReports reports, BooleanSupplier stopWanted) {
    public static final String CPU = "cpu";

    /** A rank on the CPU that nobody stops. */
    public static RankPlace of(World world, TrainReports reports) {
        return new RankPlace(world, CPU, reports, () -> false);
    }
}
