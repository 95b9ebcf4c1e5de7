package io.apus.spark.stage;

import io.apus.schemas.data.PackedRow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import scala.Tuple2;

/** Puts samples that come in the order of their places together to packed rows. */
final class RowAssembler implements Iterator<PackedRow> {
    private final Iterator<Tuple2<Long, PackedPiece>> places;
    private Tuple2<Long, PackedPiece> next;

    RowAssembler(Iterator<Tuple2<Long, PackedPiece>> places) {
        this.places = places;
        this.next = places.hasNext() ? places.next() : null;
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public PackedRow next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        int row = RowPlan.row(next._1());
        List<PackedPiece> pieces = new ArrayList<>();
        while (next != null && RowPlan.row(next._1()) == row) {
            pieces.add(next._2());
            next = places.hasNext() ? places.next() : null;
        }
        return assemble(pieces);
    }

    private static PackedRow assemble(List<PackedPiece> pieces) {
        int[] segments =
                pieces.stream().mapToInt(piece -> piece.inputIds().length).toArray();
        int total = pieces.stream().mapToInt(piece -> piece.inputIds().length).sum();
        int[] ids = new int[total];
        float[] weights = new float[total];
        int at = 0;
        for (PackedPiece piece : pieces) {
            int length = piece.inputIds().length;
            System.arraycopy(piece.inputIds(), 0, ids, at, length);
            System.arraycopy(piece.lossWeights(), 0, weights, at, length);
            weights[at] = 0; // the first token of a sample has nothing before it to be predicted from
            at += length;
        }
        return new PackedRow(
                ids, weights, segments, pieces.stream().map(PackedPiece::id).toList());
    }
}
