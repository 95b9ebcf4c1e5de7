package io.apus.bench.shard;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** Adds up one row, so that every value has to be read. */
final class Sums {
    private Sums() {}

    static double of(IntBuffer ids, FloatBuffer weights) {
        long idSum = 0;
        double weightSum = 0;
        int count = ids.limit();
        for (int i = 0; i < count; i++) {
            idSum += ids.get(i);
            weightSum += weights.get(i);
        }
        return idSum + weightSum;
    }
}
