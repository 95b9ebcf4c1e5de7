package io.apus.train.parallel.zero;

import io.apus.train.checkpoint.HeldPiece;
import io.apus.train.checkpoint.Piece;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Remembered;
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
    static ZeroState ofWeights(List<Unit.Part> parts, Runnable publish) {
        List<HeldPiece> own = new ArrayList<>();
        for (Unit.Part part : parts) {
            own.add(held(part, part.parameter().name(), part.weight()));
        }
        return new ZeroState(own, own, publish);
    }

    /** Of what the optimiser remembers. What goes with all of a parameter is written by the rank that has its first element. */
    static ZeroState ofOptimiser(Optimiser optimiser) {
        List<HeldPiece> written = new ArrayList<>();
        List<HeldPiece> wanted = new ArrayList<>();
        for (Remembered one : optimiser.remembered()) {
            Unit.Part part = (Unit.Part) one.of();
            HeldPiece piece = one.perElement() && !part.slice().whole()
                    ? held(part, one.key(), one.tensor())
                    : HeldPiece.whole(one.key(), one.tensor());
            wanted.add(piece);
            if (one.perElement() || part.slice().from() == 0) {
                written.add(piece);
            }
        }
        return new ZeroState(written, wanted, () -> {});
    }

    private static HeldPiece held(Unit.Part part, String name, Tensor tensor) {
        long[] shape = part.parameter().shape();
        Piece piece =
                Piece.whole(name, shape).flat(part.slice().from(), part.slice().to());
        return new HeldPiece(piece, tensor);
    }

    @Override
    public void filled() {
        afterwards.run();
    }
}
