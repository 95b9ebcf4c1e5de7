package io.apus.train.parallel;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.ReplicatedState;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Remembered;
import io.apus.train.parallel.expert.ExpertGroup;
import io.apus.train.parallel.expert.ExpertSplit;
import io.apus.train.parallel.part.Copies;
import io.apus.train.parallel.part.HeldParameter;
import io.apus.train.parallel.part.HeldParameters;
import io.apus.train.parallel.part.HeldState;
import io.apus.train.parallel.part.PartialGradients;
import io.apus.train.parallel.part.ShardGroup;
import io.apus.train.parallel.pipeline.StageSplit;
import io.apus.train.parallel.tensor.TensorGroup;
import io.apus.train.parallel.tensor.TensorSplit;
import io.apus.train.parallel.whole.WholeMatrix;
import io.apus.train.reduce.GradientBuckets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** One rank's share of a model, and what the ranks do together because of it. */
public final class ModelShare implements Copies, AutoCloseable {
    private final Grid grid;
    private final TensorGroup tensor;
    private final ExpertGroup experts;
    private final ShardGroup sums;
    private final ShardGroup sameExperts;
    private final HeldParameters held;
    private final Map<String, List<Integer>> stages = new HashMap<>();
    private final Map<List<Integer>, Collectives> sharedStages = new HashMap<>();

    private ModelShare(Grid grid) {
        this.grid = grid;
        this.tensor = new TensorGroup(
                grid.tensor(), "tensor-of-" + grid.world().rank() / grid.plan().tp());
        this.experts = new ExpertGroup(grid.experts());
        this.sums = grid.sharers(false);
        this.sameExperts = grid.plan().ep() == 1 ? sums : grid.sharers(true);
        this.held = new HeldParameters(allSlices());
    }

    /**
     * Leaves of {@code model}, which is whole and has its tuner, what {@code grid} gives to this rank: block by block the parts are copied and the
     * rest is freed, or never read where it is not read yet.
     */
    public static ModelShare of(Grid grid, DecoderModel model) {
        ModelShare share = new ModelShare(grid);
        if (grid.plan().pp() > 1) {
            share.keepStage(model);
        }
        if (grid.plan().tp() > 1) {
            TensorSplit.apply(model, share.tensor, share.held);
        }
        if (grid.plan().ep() > 1) {
            ExpertSplit.apply(model, share.experts, share.held);
        }
        return share;
    }

    /** Of what several stages have, each computes a part of the gradient. */
    private void keepStage(DecoderModel model) {
        stages.putAll(
                StageSplit.apply(model, grid.pipeline().rank(), grid.pipeline().size()));
        model.parameters().values().stream()
                .filter(parameter -> stages.containsKey(parameter.name()))
                .forEach(parameter -> held.add(HeldParameter.whole(parameter, allSlices())
                        .summedOver(sharedStages.computeIfAbsent(stages.get(parameter.name()), grid::pipeline))));
    }

    /** Whether this rank has less than the whole model. */
    public boolean divided() {
        return grid.plan().tp() > 1 || grid.plan().ep() > 1 || grid.plan().pp() > 1;
    }

    private List<Integer> allSlices() {
        return IntStream.range(0, grid.plan().tp()).boxed().toList();
    }

    /** The ranks over which the gradient of {@code parameter} is summed. */
    public Collectives sums(Parameter parameter) {
        return group(held.of(parameter)).shards();
    }

    /** Adds up what several ranks of a replica have computed parts of; the gradients are those of a whole step. */
    public void complete(List<Parameter> trained) {
        if (divided()) {
            PartialGradients.complete(trained.stream().map(held::of).toList());
        }
    }

    /** Euclidean norm over the gradients of the whole model. */
    public double norm(GradientBuckets buckets) {
        return divided() ? Math.sqrt(Scalars.sum(grid.world(), buckets.squares(this::once))) : buckets.norm();
    }

    /** Added up over the ranks that hold {@code parameter}, 1. */
    private double once(Parameter parameter) {
        return 1.0 / holders(held.of(parameter)).size();
    }

    private List<Integer> holders(HeldParameter part) {
        return grid.holders(part.slices(), part.ofExpert(), stages(part));
    }

    @Override
    public HeldParameter of(Parameter parameter) {
        return held.of(parameter);
    }

    @Override
    public ShardGroup group(HeldParameter part) {
        return part.ofExpert() ? sameExperts : sums;
    }

    @Override
    public int count(HeldParameter part) {
        return part.slices().size() * stages(part).size();
    }

    @Override
    public boolean kept(HeldParameter part, String name, boolean alike) {
        List<Integer> slices = alike ? allSlices() : part.slices();
        List<Integer> among = stages(part);
        int chosen = Math.floorMod(name.hashCode(), slices.size() * among.size());
        boolean first = !alike || !part.ofSomeExperts() || grid.experts().rank() == 0;
        return first
                && slices.get(chosen % slices.size()) == grid.tensor().rank()
                && among.get(chosen / slices.size()) == grid.pipeline().rank();
    }

    @Override
    public double sum(double own) {
        return Scalars.sum(grid.world(), own);
    }

    /** Replaces each of {@code numbers} by the largest of all stages' and all ranks' with other experts. */
    public void largest(Tensor numbers) {
        if (grid.plan().pp() > 1) {
            grid.pipeline().allReduceMax(numbers).await();
        }
        if (grid.plan().ep() > 1) {
            grid.experts().allReduceMax(numbers).await();
        }
    }

    private List<Integer> stages(HeldParameter part) {
        List<Integer> own = List.of(grid.pipeline().rank());
        return stages.getOrDefault(part.parameter().name(), own);
    }

    /**
     * Tensors that lie over the ranks as the trained parameters do, for a checkpoint.
     *
     * @param tensors by name: the parameters' own, or others whose names end with a dot and a parameter's name, or begin with it and a dot, and that have its shape, or are
     *     scalars, the same on every rank
     */
    public ShardedState state(List<Parameter> trained, SortedMap<String, Tensor> tensors) {
        HeldState.Builder state = new HeldState.Builder(grid.world().rank());
        tensors.forEach((name, tensor) -> {
            add(state, held.of(HeldState.parameter(trained, name)), name, tensor);
        });
        return state.build();
    }

    /** The ranks with the rest of {@code part}, this one among them, where it is not the whole. */
    public Optional<Collectives> sharers(HeldParameter part) {
        if (part.cut().filter(cut -> cut.size() < cut.whole()).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(ofRun(part) ? grid.experts() : grid.tensor());
    }

    /** Whether {@code part} is cut from a tensor of all experts. */
    private boolean ofRun(HeldParameter part) {
        return part.ofExpert() && part.slices().size() == grid.plan().tp();
    }

    /** What {@code optimiser} remembers. Of a parameter that it moves as a whole, one of those with parts of it has all. */
    ShardedState memory(Optimiser optimiser) {
        if (!divided()) {
            return new ReplicatedState(optimiser.state(), grid.world());
        }
        HeldState.Builder state = new HeldState.Builder(grid.world().rank());
        for (Remembered one : optimiser.remembered()) {
            HeldParameter part = held.of(one.of().parameter());
            if (one.of() instanceof WholeMatrix) {
                List<Integer> slices =
                        ofRun(part) ? part.slices() : List.of(grid.tensor().rank());
                state.add(one.key(), one.tensor(), grid.holders(slices, part.ofExpert(), stages(part)));
            } else if (one.perElement()) {
                add(state, part, one.key(), one.tensor());
            } else {
                state.addBeside(part, one.key(), one.tensor(), holders(part), anyOf(part));
            }
        }
        return state.build();
    }

    private void add(HeldState.Builder state, HeldParameter part, String name, Tensor tensor) {
        state.add(part, name, tensor, holders(part), anyOf(part));
    }

    /** The ranks that hold anything of a parameter. */
    private List<Integer> anyOf(HeldParameter part) {
        return grid.holders(allSlices(), false, stages(part));
    }

    /** The same, in equal shares where every rank has everything. */
    public ShardedState kept(List<Parameter> trained, SortedMap<String, Tensor> tensors) {
        return divided() ? state(trained, tensors) : new ReplicatedState(tensors, grid.world());
    }

    @Override
    public void close() {
        tensor.close();
        experts.close();
    }
}
