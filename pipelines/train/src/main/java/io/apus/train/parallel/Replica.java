package io.apus.train.parallel;

import io.apus.train.optimize.Optimiser;
import io.apus.train.reduce.GradientBuckets;
import io.apus.train.reduce.StepGradients;

/** Everything, as every other rank that trains on other rows does. */
record Replica(GradientBuckets buckets, Optimiser optimiser) implements Holding {
    @Override
    public StepGradients gradients() {
        return buckets;
    }

    @Override
    public Whole whole() {
        return () -> {};
    }

    @Override
    public void close() {
        optimiser.close();
        buckets.close();
    }
}
