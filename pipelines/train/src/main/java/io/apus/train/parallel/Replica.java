package io.apus.train.parallel;

import io.apus.model.layer.Parameter;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.optimize.Optimiser;
import io.apus.train.parallel.part.Holding;
import io.apus.train.reduce.GradientBuckets;
import io.apus.train.reduce.StepGradients;
import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** All that a rank's share of the model has, as every other rank with the same share does. */
record Replica(ModelShare share, List<Parameter> trained, GradientBuckets buckets, Optimiser optimiser)
        implements Holding {
    @Override
    public StepGradients gradients() {
        return buckets;
    }

    @Override
    public void complete() {
        share.complete(trained);
    }

    @Override
    public double norm() {
        return share.norm(buckets);
    }

    @Override
    public ShardedState weights(SortedMap<String, Tensor> tensors) {
        return share.kept(trained, tensors);
    }

    @Override
    public ShardedState memory() {
        return share.memory(optimiser);
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
