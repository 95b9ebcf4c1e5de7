package io.apus.train.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Whether pieces of a tensor make up the whole of it, every element once. */
final class Coverage {
    private Coverage() {}

    /** What is wrong with {@code pieces}, all those of one tensor, if anything. */
    static Optional<String> fault(List<Piece> pieces) {
        Piece first = pieces.get(0);
        for (Piece piece : pieces) {
            if (!Arrays.equals(piece.shape(), first.shape())) {
                return Optional.of("ranks disagree on a shape: " + first + ", " + piece);
            }
        }
        List<Piece> before = new ArrayList<>();
        long held = 0;
        for (Piece piece : pieces) {
            Optional<Piece> twin =
                    before.stream().filter(other -> Overlap.any(other, piece)).findFirst();
            if (twin.isPresent()) {
                return Optional.of("written twice: " + twin.get() + " and " + piece);
            }
            before.add(piece);
            held += piece.count();
        }
        long all = Piece.count(first.shape());
        return held == all
                ? Optional.empty()
                : Optional.of(
                        first.name() + " " + Arrays.toString(first.shape()) + ": " + held + " of " + all + " elements");
    }
}
