package io.apus.train.parallel.part;

import io.apus.tensor.collective.Collectives;

/**
 * The ranks that have the same of a parameter and sum its gradient, by what each of them keeps of it (ZeRO).
 *
 * @param shards those that keep one copy together, a part each
 * @param replicas those that keep this rank's part in each of the copies
 */
public record ShardGroup(Collectives shards, Collectives replicas) {
    /** How many ranks there are. */
    public int size() {
        return shards.size() * replicas.size();
    }
}
