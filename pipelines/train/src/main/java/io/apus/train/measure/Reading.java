package io.apus.train.measure;

import java.util.List;

/**
 * The instruments of a run at a log line.
 *
 * @param ranks what each rank measured, by rank
 * @param machineShare model operations a second over what the machines of all ranks multiply in that time; NaN where it is not known
 */
public record Reading(List<RankFacts> ranks, double machineShare) {
    public Reading {
        ranks = List.copyOf(ranks);
    }
}
