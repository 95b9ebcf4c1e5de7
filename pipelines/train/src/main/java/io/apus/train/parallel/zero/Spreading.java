package io.apus.train.parallel.zero;

import io.apus.train.optimize.rule.Memory;

/**
 * What ranks keep parts of, where there is anybody to keep the others.
 *
 * @param stage of ZeRO
 * @param offloads whether parts of weights lie where {@code memory} is even where a rank has them all
 * @param memory for parts of weights
 */
record Spreading(int stage, boolean offloads, Memory memory) {
    /** Whether a rank keeps a part alone of what its fellows have too, and the whole only while it is used. */
    boolean weights(UnitPlan.Members members) {
        return stage == 3 && (several(members) || offloads);
    }

    /** Whether it keeps a part of their sum alone, and the whole only until that is taken. */
    boolean gradients(UnitPlan.Members members) {
        return stage > 1 && several(members);
    }

    private static boolean several(UnitPlan.Members members) {
        return members.group().shards().size() > 1;
    }
}
