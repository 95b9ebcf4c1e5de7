package io.apus.train.parallel.part;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.HeldPiece;
import io.apus.train.checkpoint.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What one rank holds of a model's parameter.
 *
 * @param parameter the part, under the whole's name
 * @param shape of the whole
 * @param dimension that was cut
 * @param cut the part's indices of it; empty where the rank holds the whole
 * @param slices the ranks of a tensor group that hold the same part
 * @param ofExpert only the ranks with the same experts hold it, instead of all that sum gradients
 * @param ofSomeExperts whether it is cut by experts: those of other ranks are parts of the same parameter
 * @param partial the ranks whose gradients are parts of the whole gradient and have to be added up, where there are any
 */
@SuppressWarnings("ArrayRecordComponent") // shapes go to tensors as arrays; parts are compared by nobody
public record HeldParameter(
        Parameter parameter,
        long[] shape,
        int dimension,
        Optional<Cut> cut,
        List<Integer> slices,
        boolean ofExpert,
        boolean ofSomeExperts,
        Optional<Collectives> partial) {
    public HeldParameter {
        slices = List.copyOf(slices);
    }

    /** Of one that is cut by anything but experts. */
    public HeldParameter(
            Parameter parameter,
            long[] shape,
            int dimension,
            Optional<Cut> cut,
            List<Integer> slices,
            boolean ofExpert,
            Optional<Collectives> partial) {
        this(parameter, shape, dimension, cut, slices, ofExpert, false, partial);
    }

    /** A parameter that all of {@code slices} hold, with the same gradient. */
    public static HeldParameter whole(Parameter parameter, List<Integer> slices) {
        return new HeldParameter(parameter, parameter.shape(), 0, Optional.empty(), slices, false, Optional.empty());
    }

    /** The same with gradients to be added up. */
    public HeldParameter summedOver(Collectives ranks) {
        return new HeldParameter(parameter, shape, dimension, cut, slices, ofExpert, ofSomeExperts, Optional.of(ranks));
    }

    /** The same on the ranks with the same experts alone. */
    public HeldParameter asExpert() {
        return new HeldParameter(parameter, shape, dimension, cut, slices, true, ofSomeExperts, partial);
    }

    /** Of this one, which is whole, the indices of some experts as {@code part}. */
    public HeldParameter experts(Parameter part, int cutDimension, Cut indices) {
        return new HeldParameter(part, shape, cutDimension, Optional.of(indices), slices, true, true, partial);
    }

    /** Of this one, which is whole, some rows as {@code part}, which {@code slice} alone holds. */
    public HeldParameter rows(Parameter part, Cut rows, int slice) {
        return new HeldParameter(part, shape, 0, Optional.of(rows), List.of(slice), ofExpert, ofSomeExperts, partial);
    }

    /** Whether its elements are those of one box of the whole, in the same order. */
    public boolean isBox() {
        return cut.isEmpty() || cut.get().spans().size() == 1;
    }

    /** Where it lies in the whole tensor {@code name}, of one that {@link #isBox}. */
    public Piece box(String name) {
        return cut.isEmpty()
                ? Piece.whole(name, shape)
                : box(name, cut.get().spans().get(0));
    }

    private Piece box(String name, Cut.Span span) {
        long[] offset = new long[shape.length];
        long[] extent = shape.clone();
        offset[dimension] = span.from();
        extent[dimension] = span.size();
        return Piece.box(name, shape, offset, extent);
    }

    /** {@code tensor}, which has the part's shape, as pieces of the whole tensor {@code name}; views of it in the caller's scope. */
    public List<HeldPiece> pieces(String name, Tensor tensor) {
        if (cut.isEmpty()) {
            return List.of(HeldPiece.whole(name, tensor));
        }
        List<HeldPiece> pieces = new ArrayList<>();
        long at = 0;
        for (Cut.Span span : cut.get().spans()) {
            Tensor view = tensor.detach().narrow(dimension, at, span.size());
            pieces.add(new HeldPiece(box(name, span), view));
            at += span.size();
        }
        return pieces;
    }
}
