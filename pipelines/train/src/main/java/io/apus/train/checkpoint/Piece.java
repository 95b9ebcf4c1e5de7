package io.apus.train.checkpoint;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * A part of a tensor that is spread over ranks: of the row-major elements of a box of it, those of a range.
 *
 * <p>A box alone is what tensor parallelism holds, a range of the whole what a sharded optimiser holds, a range of a box what both together hold.
 *
 * @param name of the whole tensor
 * @param shape of the whole tensor; empty for a scalar
 * @param offset first index of the box in each dimension
 * @param extent size of the box in each dimension
 * @param from first element, counted within the box in row-major order
 * @param to the element after the last one
 */
@SuppressWarnings("ArrayRecordComponent") // shapes go to tensors as arrays; pieces are compared by nobody
public record Piece(String name, long[] shape, long[] offset, long[] extent, long from, long to) {
    public Piece {
        if (offset.length != shape.length || extent.length != shape.length) {
            throw new IllegalArgumentException("not a box of " + name + " " + Arrays.toString(shape) + ": offset "
                    + Arrays.toString(offset) + ", extent " + Arrays.toString(extent));
        }
        for (int i = 0; i < shape.length; i++) {
            if (offset[i] < 0 || extent[i] < 0 || extent[i] > shape[i] - offset[i]) {
                throw new IllegalArgumentException("the box " + Arrays.toString(offset) + " + "
                        + Arrays.toString(extent) + " does not lie in " + name + " " + Arrays.toString(shape));
            }
        }
        if (from < 0 || to < from || to > count(extent)) {
            throw new IllegalArgumentException("elements " + from + " to " + to + " do not lie in the box "
                    + Arrays.toString(extent) + " of " + name);
        }
    }

    /** All of a tensor. */
    public static Piece whole(String name, long... shape) {
        return box(name, shape, new long[shape.length], shape);
    }

    /** All elements whose index in each dimension d is at least {@code offset[d]} and below {@code offset[d] + extent[d]}. */
    public static Piece box(String name, long[] shape, long[] offset, long[] extent) {
        return new Piece(name, shape.clone(), offset.clone(), extent.clone(), 0, count(extent));
    }

    /** Of this piece's box the row-major elements from {@code first} to before {@code end}. */
    public Piece flat(long first, long end) {
        return new Piece(name, shape, offset, extent, first, end);
    }

    /** How many elements it has. */
    public long count() {
        return to - from;
    }

    /** Whether it has every element of its box; its tensor then has the box's shape, and is one-dimensional otherwise. */
    public boolean fillsBox() {
        return count() == count(extent);
    }

    /** The shape of a tensor that holds it. */
    public long[] heldShape() {
        return fillsBox() ? extent.clone() : new long[] {count()};
    }

    @Override
    public String toString() {
        String box =
                Arrays.equals(extent, shape) ? "" : " box " + Arrays.toString(offset) + " + " + Arrays.toString(extent);
        return name + " " + Arrays.toString(shape) + box + (fillsBox() ? "" : " elements " + from + " to " + to);
    }

    static long count(long[] sizes) {
        return LongStream.of(sizes).reduce(1, Math::multiplyExact);
    }
}
