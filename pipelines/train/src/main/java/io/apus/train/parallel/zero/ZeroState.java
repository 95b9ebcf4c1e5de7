package io.apus.train.parallel.zero;

import io.apus.train.checkpoint.HeldPiece;
import io.apus.train.checkpoint.Piece;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Remembered;
import io.apus.train.parallel.part.Copies;
import io.apus.train.parallel.part.HeldParameter;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What checkpoints keep of weights or optimiser states that ranks have parts of. Names and shapes are those that a rank with everything
 * would give, so that any number of ranks and any stage of ZeRO may go on from there.
 *
 * @param afterwards makes what was read known to all ranks
 */
record ZeroState(List<HeldPiece> written, List<HeldPiece> wanted, Runnable afterwards) implements ShardedState {
    /** Of the trained weights; the handles belong to the caller's scope. */
    static ZeroState ofWeights(List<Unit.Part> parts, Copies copies, Runnable publish) {
        List<HeldPiece> written = new ArrayList<>();
        List<HeldPiece> wanted = new ArrayList<>();
        for (Unit.Part part : parts) {
            HeldParameter held = copies.of(part.parameter());
            String name = part.parameter().name();
            List<HeldPiece> own = pieces(part, held, name, part.weight());
            wanted.addAll(own);
            if (part.kept(name) && copies.kept(held, name, false)) {
                written.addAll(own);
            }
        }
        return new ZeroState(written, wanted, publish);
    }

    /** Of what the optimiser remembers. What goes with all of a parameter is written by the rank that has its first element. */
    static ZeroState ofOptimiser(Optimiser optimiser, Copies copies) {
        List<HeldPiece> written = new ArrayList<>();
        List<HeldPiece> wanted = new ArrayList<>();
        for (Remembered one : optimiser.remembered()) {
            Unit.Part part = (Unit.Part) one.of();
            HeldParameter held = copies.of(part.parameter());
            List<HeldPiece> own = one.perElement()
                    ? pieces(part, held, one.key(), one.tensor())
                    : List.of(HeldPiece.whole(one.key(), one.tensor()));
            wanted.addAll(own);
            boolean first = one.perElement() || part.slice().from() == 0;
            if (first && part.kept(one.key()) && copies.kept(held, one.key(), !one.perElement())) {
                written.addAll(own);
            }
        }
        return new ZeroState(written, wanted, () -> {});
    }

    private static List<HeldPiece> pieces(Unit.Part part, HeldParameter held, String name, Tensor tensor) {
        if (part.slice().whole()) {
            return held.pieces(name, tensor);
        }
        Piece box = held.box(name).flat(part.slice().from(), part.slice().to());
        return List.of(new HeldPiece(box, tensor));
    }

    @Override
    public void filled() {
        afterwards.run();
    }
}
