package io.apus.train.measure;

import io.apus.tensor.collective.Collectives;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Counts what one rank does between two log lines, and tells every rank what all of them did. */
public final class RankMeter {
    private final Collectives collectives;
    private final DoubleUnaryOperator machineShare;
    private int steps;
    private long tokens;
    private double seconds;
    private double busySeconds;

    /** @param machineShare from tokens a second of all ranks to the share of what their machines can do */
    public RankMeter(Collectives collectives, DoubleUnaryOperator machineShare) {
        this.collectives = collectives;
        this.machineShare = machineShare;
    }

    /** This rank has read {@code count} tokens. */
    public void read(long count) {
        tokens += count;
    }

    /** This rank's own passes of a step are done, which began at {@code start} of {@link System#nanoTime()}. */
    public void passed(long start) {
        busySeconds += (System.nanoTime() - start) / 1e9;
    }

    /** A step has ended. */
    public void stepped(double duration) {
        steps++;
        seconds += duration;
    }

    /** Gathers the counts of all ranks, which call this together, and begins anew. */
    public Reading take(double tokensPerSecond) {
        RankFacts own =
                new RankFacts(ProcessMemory.resident(), ProcessMemory.peak(), steps, tokens, seconds, busySeconds);
        steps = 0;
        tokens = 0;
        seconds = 0;
        busySeconds = 0;
        List<RankFacts> ranks =
                collectives.allGather(own.toLongs()).stream().map(RankFacts::of).toList();
        return new Reading(ranks, machineShare.applyAsDouble(tokensPerSecond));
    }
}
