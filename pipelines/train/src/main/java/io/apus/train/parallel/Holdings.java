package io.apus.train.parallel;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.schemas.spec.TrainSpec;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Optimisers;
import io.apus.train.parallel.part.Holding;
import io.apus.train.parallel.whole.WholeOptimiser;
import io.apus.train.parallel.zero.ZeroHolding;
import io.apus.train.reduce.GradientBuckets;
import io.apus.train.reduce.WireType;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a rank holds, by the plan. */
public final class Holdings {
    private Holdings() {}

    /**
     * Every rank of {@code grid} calls this once, with its tuner attached.
     *
     * @param share what {@code model} is of the whole
     * @param rateRatio what the learning rate is multiplied by for a parameter
     */
    public static Holding of(
            Grid grid,
            ModelShare share,
            DecoderModel model,
            List<Parameter> trained,
            TrainSpec spec,
            ToDoubleFunction<Parameter> rateRatio) {
        long bytes = spec.sharing().ddpBucketCapMb() == null
                ? GradientBuckets.bucketBytes(numbers(grid, trained))
                : (long) spec.sharing().ddpBucketCapMb() << 20;
        WireType wire = spec.sharing().gradReduceInBf16() ? WireType.BFLOAT16 : WireType.FLOAT32;
        if (grid.plan().zero() > 0) {
            return new ZeroHolding(model, trained, spec, rateRatio, share, bytes, wire);
        }
        Optimiser optimiser = share.divided()
                ? new WholeOptimiser(trained.stream().map(share::of).toList(), share::sharers, spec, rateRatio)
                : Optimisers.of(trained, spec, rateRatio);
        return new Replica(share, trained, new GradientBuckets(trained, share::sums, bytes, wire), optimiser);
    }

    /** That are trained, on average over the ranks with other experts, of which some may be trained and others not. */
    private static long numbers(Grid grid, List<Parameter> trained) {
        long own = trained.stream().mapToLong(Parameter::count).sum();
        return (long) Scalars.sum(grid.experts(), (double) own) / grid.plan().ep();
    }
}
