package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Divisible;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.tensor.collective.Collectives;
import io.apus.train.parallel.part.HeldParameter;
import io.apus.train.parallel.part.HeldParameters;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** Leaves of linear maps what one rank of a tensor group computes, and frees the rest; those that cannot be divided stay whole. */
record LinearSplit(TensorGroup group, HeldParameters held) {
    /**
     * The ranks that hold the same part.
     *
     * @param ranks they, where they are several
     */
    record Sharers(List<Integer> slices, Optional<Collectives> ranks) {}

    Sharers alone() {
        return new Sharers(List.of(group.rank()), Optional.empty());
    }

    /** Keeps some of the outputs. */
    void outputs(ProjectionSlot slot, Cut cut) {
        outputs(slot, cut, alone());
    }

    void outputs(ProjectionSlot slot, Cut cut, Sharers sharers) {
        Optional<Divisible.Division> division = Divisible.of(slot.get()).flatMap(whole -> whole.outputs(cut));
        division.ifPresentOrElse(some -> replace(slot, some, cut, sharers, Set.of()), () -> sliced(slot, cut));
    }

    /** Leaves a map whole, of which this rank uses some outputs, the same as others or not. */
    void sliced(ProjectionSlot slot, Cut cut) {
        keep(slot, whole -> new SlicedOutputs(whole, cut));
    }

    /** Keeps some of the inputs; the ranks' results are added up. */
    void summedInputs(ProjectionSlot slot, Cut cut) {
        Optional<Parameter> bias = Divisible.of(slot.get()).flatMap(Divisible::bias);
        if (divided(slot, cut)) {
            slot.replace(part -> new SummedProjection(part, bias, group));
        } else {
            keep(slot, whole -> new GatheredInputs(whole, group, false));
        }
    }

    /** Keeps some of the inputs of a map without a bias; whoever uses the result adds the ranks' up. */
    void inputs(ProjectionSlot slot, Cut cut) {
        if (!divided(slot, cut)) {
            keep(slot, whole -> new GatheredInputs(whole, group, true));
        }
    }

    /** Puts the part for some of the inputs, which has no bias, in its place; false where there is none. */
    private boolean divided(ProjectionSlot slot, Cut cut) {
        Optional<Divisible> whole = Divisible.of(slot.get());
        Optional<Divisible.Division> division = whole.flatMap(one -> one.inputs(cut, this::sum));
        Set<Parameter> bias = whole.flatMap(Divisible::bias).map(Set::of).orElse(Set.of());
        division.ifPresent(some -> replace(slot, some, cut, alone(), bias));
        return division.isPresent();
    }

    /** Adds {@code tensor} up over the ranks, in place. */
    void sum(Tensor tensor) {
        group.ranks().allReduceSum(tensor).await();
    }

    /** Leaves a map whole: every rank computes a part of the gradients of what it is made of. */
    private void keep(ProjectionSlot slot, UnaryOperator<Projection> around) {
        slot.get().parameters().stream().filter(Parameter::trainable).forEach(this::partial);
        slot.replace(around);
    }

    /** Puts the part in its place and frees what neither it nor {@code others} are made of. */
    private void replace(
            ProjectionSlot slot, Divisible.Division division, Cut cut, Sharers sharers, Set<Parameter> others) {
        List<Parameter> before = slot.get().parameters();
        Set<Parameter> kept = new HashSet<>(division.part().parameters());
        kept.addAll(others);
        division.pieces().forEach(piece -> note(piece, cut, sharers));
        slot.replace(whole -> division.part());
        before.stream().filter(parameter -> !kept.contains(parameter)).forEach(Parameter::close);
    }

    /** Says that the ranks hold {@code parameter} alike and that each computes a part of its gradient. */
    void partial(Parameter parameter) {
        held.add(HeldParameter.whole(parameter, group.slices()).summedOver(group.ranks()));
    }

    /** Keeps some indices of the first dimension of a parameter outside the linear maps. */
    Parameter outside(Parameter whole, Cut cut) {
        return outside(whole, cut, 0, alone());
    }

    /** As the other, of any {@code dimension}. */
    Parameter outside(Parameter whole, Cut cut, int dimension, Sharers sharers) {
        Divisible.Piece piece = Divisible.Piece.of(whole, cut, dimension);
        note(piece, cut, sharers);
        whole.close();
        return piece.parameter();
    }

    private void note(Divisible.Piece piece, Cut cut, Sharers sharers) {
        if (piece.dimension() == Divisible.SHARED) {
            partial(piece.parameter());
            return;
        }
        held.add(new HeldParameter(
                piece.parameter(),
                piece.whole().shape(),
                piece.dimension(),
                Optional.of(cut),
                sharers.slices(),
                false,
                sharers.ranks()));
    }
}
