package io.apus.train.checkpoint;

import java.util.Optional;

/** The elements that two pieces of one tensor share. */
final class Overlap {
    private Overlap() {}

    /** Told of stretches of elements that follow each other in both pieces. */
    interface Visitor {
        /**
         * One stretch.
         *
         * @param inFirst first element, counted from the first one of the first piece
         * @param inSecond the same in the second piece
         */
        void stretch(long inFirst, long inSecond, long length);
    }

    static boolean any(Piece a, Piece b) {
        boolean[] found = {false};
        visit(a, b, (inA, inB, length) -> found[0] = true);
        return found[0];
    }

    /** Visits every shared element once, in the order of the first piece. */
    static void visit(Piece a, Piece b, Visitor visitor) {
        Joining joined = new Joining(visitor);
        Optional<Box> common = Box.common(a, b);
        common.ifPresent(box -> box.rows(a, b, joined::add));
        joined.end();
    }

    /** What two boxes share. From {@code rowDimension} on, its elements follow each other in both: they are a row. */
    @SuppressWarnings("ArrayRecordComponent") // as those of a piece
    private record Box(long[] offset, long[] extent, int rowDimension) {
        static Optional<Box> common(Piece a, Piece b) {
            int rank = a.shape().length;
            long[] offset = new long[rank];
            long[] extent = new long[rank];
            for (int i = 0; i < rank; i++) {
                offset[i] = Math.max(a.offset()[i], b.offset()[i]);
                extent[i] = Math.min(a.offset()[i] + a.extent()[i], b.offset()[i] + b.extent()[i]) - offset[i];
                if (extent[i] <= 0) {
                    return Optional.empty();
                }
            }
            int row = Math.max(0, rank - 1);
            while (row > 0 && extent[row] == a.extent()[row] && extent[row] == b.extent()[row]) {
                row--;
            }
            return Optional.of(new Box(offset, extent, row));
        }

        void rows(Piece a, Piece b, Visitor visitor) {
            long rows = 1;
            long length = 1;
            for (int i = 0; i < extent.length; i++) {
                rows *= i < rowDimension ? extent[i] : 1;
                length *= i < rowDimension ? 1 : extent[i];
            }
            long[] index = offset.clone();
            for (long row = 0; row < rows; row++) {
                clip(a, b, position(a, index), position(b, index), length, visitor);
                advance(index);
            }
        }

        private void advance(long[] index) {
            for (int i = rowDimension - 1; i >= 0; i--) {
                if (++index[i] < offset[i] + extent[i]) {
                    return;
                }
                index[i] = offset[i];
            }
        }

        private static long position(Piece piece, long[] index) {
            long position = 0;
            for (int i = 0; i < index.length; i++) {
                position = position * piece.extent()[i] + index[i] - piece.offset()[i];
            }
            return position;
        }

        /** Leaves out what lies outside the pieces' ranges. */
        private static void clip(Piece a, Piece b, long inA, long inB, long length, Visitor visitor) {
            long skip = Math.max(0, Math.max(a.from() - inA, b.from() - inB));
            long end = Math.min(length, Math.min(a.to() - inA, b.to() - inB));
            if (end > skip) {
                visitor.stretch(inA + skip - a.from(), inB + skip - b.from(), end - skip);
            }
        }
    }

    /** Joins stretches that follow each other in both pieces. */
    private static final class Joining {
        private final Visitor visitor;
        private long first;
        private long second;
        private long length;

        Joining(Visitor visitor) {
            this.visitor = visitor;
        }

        void add(long inFirst, long inSecond, long count) {
            if (length > 0 && inFirst == first + length && inSecond == second + length) {
                length += count;
                return;
            }
            end();
            first = inFirst;
            second = inSecond;
            length = count;
        }

        void end() {
            if (length > 0) {
                visitor.stretch(first, second, length);
            }
            length = 0;
        }
    }
}
