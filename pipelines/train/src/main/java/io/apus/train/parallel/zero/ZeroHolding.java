package io.apus.train.parallel.zero;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PartUse;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.collective.Pending;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Optimisers;
import io.apus.train.optimize.rule.MappedMemory;
import io.apus.train.optimize.rule.Memory;
import io.apus.train.optimize.rule.ResidentMemory;
import io.apus.train.parallel.part.Copies;
import io.apus.train.parallel.part.Holding;
import io.apus.train.reduce.StepGradients;
import io.apus.train.reduce.WireType;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * A rank's part of optimiser states (ZeRO-1), of gradients too (ZeRO-2), of weights too (ZeRO-3, FSDP): Rajbhandari et al., "ZeRO", 2020.
 *
 * <p>Weights move in flat parts of equal size, whatever parameter they cut; those whose optimiser needs a matrix as a whole are dealt out whole.
 * Quantised weights stay whole on every rank.
 */
public final class ZeroHolding implements Holding {
    private final List<Unit> units = new ArrayList<>();
    private final Held held = new Held();
    private final Memory shards;
    private final ZeroGradients gradients;
    private final List<Unit.Part> own = new ArrayList<>();
    private final ZeroOptimiser optimiser;
    private final WeightGathering gathering;
    private final DecoderModel model;
    private final Copies copies;

    /**
     * Every rank calls this once; weights, where they are spread, are from then on whole only while {@code model} uses them.
     *
     * @param copies what this rank holds of the model, and who holds the same
     * @param bytes of a unit of gradients, where not the model's parts are the units
     */
    public ZeroHolding(
            DecoderModel model,
            List<Parameter> trained,
            TrainSpec spec,
            ToDoubleFunction<Parameter> rateRatio,
            Copies copies,
            long bytes,
            WireType wire) {
        ParallelPlan shared = spec.parallelPlan();
        boolean byPart = shared.zero() == 3;
        this.model = model;
        this.copies = copies;
        this.shards = shared.offloadWeights() ? new MappedMemory() : new ResidentMemory(model.device());
        BiPredicate<String, long[]> splits = Optimisers.splits(spec);
        UnitPlan plan = new UnitPlan(
                model.parts(), trained, parameter -> splits.test(parameter.name(), parameter.shape()), copies);
        Spreading spreading = new Spreading(shared.zero(), shared.offloadWeights(), shards);
        for (UnitPlan.Members members : byPart ? plan.byPart() : plan.trainedByBytes(bytes)) {
            if (members.trained() || spreading.weights(members)) {
                units.add(Unit.of(members, spreading, held));
            }
        }
        this.gradients = new ZeroGradients(trainedUnits(), wire, plan::first);
        trainedUnits().forEach(unit -> own.addAll(unit.movables()));
        Optimiser mover = Optimisers.ofParts(own, spec, rateRatio);
        held.add(mover.bytes());
        this.gathering = new WeightGathering(
                model.parts(),
                units.stream().filter(unit -> unit.weights().apart()).toList());
        this.optimiser = byPart
                ? new ZeroOptimiser(mover, gathering::drop, gathering::drop)
                : new ZeroOptimiser(mover, () -> publish(unit -> unit.trainable() > 0), () -> publish(unit -> true));
        model.use(use(plan.parts()));
    }

    private PartUse use(List<List<Parameter>> parts) {
        return (part, backward) -> {
            gathering.next(part, backward);
            if (backward) {
                gradients.next(part, parts.get(part));
            }
        };
    }

    private List<Unit> trainedUnits() {
        return units.stream().filter(unit -> unit.gradients().isPresent()).toList();
    }

    /** Lets all ranks have the weights of {@code some} that this one moved, and this one theirs. */
    private void publish(Predicate<Unit> some) {
        List<Pending> underWay = new ArrayList<>();
        for (Unit unit : units) {
            if (some.test(unit) && unit.members().group().shards().size() > 1) {
                underWay.add(unit.weights().gather());
            }
        }
        underWay.forEach(Pending::await);
    }

    @Override
    public StepGradients gradients() {
        return gradients;
    }

    @Override
    public void complete() {
        gradients.complete();
    }

    @Override
    public double norm() {
        return Math.sqrt(copies.sum(gradients.squares()));
    }

    @Override
    public ShardedState weights(SortedMap<String, Tensor> tensors) {
        return ZeroState.ofWeights(own, copies, optimiser::publish);
    }

    @Override
    public ShardedState memory() {
        return ZeroState.ofOptimiser(optimiser, copies);
    }

    @Override
    public Optimiser optimiser() {
        return optimiser;
    }

    @Override
    public Whole whole() {
        gathering.drop();
        units.stream()
                .filter(unit -> unit.members().group().replicas().rank() == 0)
                .forEach(unit -> unit.weights().gatherFirst());
        return () -> units.forEach(unit -> unit.weights().release());
    }

    /** The most bytes of weights, gradients and optimiser states that this rank held at a time, since it held all weights to take its part. */
    public long peakBytes() {
        return held.peak();
    }

    /** What it holds now. */
    public long bytes() {
        return held.now();
    }

    /** Forgets earlier peaks. */
    public void restartPeak() {
        held.restart();
    }

    @Override
    public void close() {
        model.use(PartUse.none());
        gradients.close();
        optimiser.close();
        units.forEach(Unit::close);
        shards.close();
    }
}
