package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Divisible;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.schemas.UserError;
import io.apus.tensor.collective.Collectives;
import io.apus.train.parallel.part.HeldParameter;
import io.apus.train.parallel.part.HeldParameters;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Leaves of linear maps what one rank of a tensor group computes; frees the rest. */
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
        Divisible whole = divisible(slot);
        replace(slot, whole.outputs(cut), cut, sharers, Set.of());
    }

    /** Keeps some of the inputs; the ranks' results are added up. */
    void summedInputs(ProjectionSlot slot, Cut cut) {
        Optional<Parameter> bias = divisible(slot).bias();
        inputs(slot, cut);
        slot.replace(part -> new SummedProjection(part, bias, group));
    }

    /** Keeps some of the inputs; whoever uses the result, which then has no bias, adds the ranks' up. */
    void inputs(ProjectionSlot slot, Cut cut) {
        Divisible whole = divisible(slot);
        Divisible.Division division =
                whole.inputs(cut, tensor -> group.ranks().allReduceSum(tensor).await());
        replace(slot, division, cut, alone(), whole.bias().map(Set::of).orElse(Set.of()));
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

    /** Keeps some of a parameter outside the linear maps. */
    Parameter outside(Parameter whole, Cut cut) {
        Divisible.Piece piece = Divisible.Piece.of(whole, cut, 0);
        note(piece, cut, alone());
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

    private static Divisible divisible(ProjectionSlot slot) {
        return Divisible.of(slot.get())
                .orElseThrow(() -> new UserError(
                        "Cannot share the model by tp",
                        slot.name() + " is a " + slot.get().getClass().getSimpleName() + ", which cannot be divided",
                        "Use tuner_type full or lora, or parallel tp=1."));
    }
}
