package io.apus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceTest {
    private static final long[] SHAPE = {4, 3, 5};

    @Test
    void everySharedElementIsVisitedOnceInBothPieces() {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            Piece a = piece(random);
            Piece b = piece(random);
            List<Long> inA = elements(a);
            List<Long> inB = elements(b);
            List<Long> shared = new ArrayList<>();
            Overlap.visit(a, b, (first, second, length) -> {
                for (int at = 0; at < length; at++) {
                    assertThat(inA.get((int) first + at)).isEqualTo(inB.get((int) second + at));
                    shared.add(inA.get((int) first + at));
                }
            });
            assertThat(shared).isEqualTo(inA.stream().filter(inB::contains).toList());
        }
    }

    @Test
    void stretchesAreAsLongAsTheyCanBe() {
        Piece whole = Piece.whole("w", 1000, 64);
        List<Long> lengths = new ArrayList<>();
        Overlap.visit(whole, whole.flat(100, 20_000), (first, second, length) -> lengths.add(length));
        Overlap.visit(
                whole,
                Piece.box("w", whole.shape(), new long[] {500, 0}, new long[] {500, 64}),
                (first, second, length) -> lengths.add(length));

        assertThat(lengths).containsExactly(19_900L, 32_000L);
    }

    @Test
    void aTensorIsCoveredByTilesAndByRangesOfThem() {
        Piece left = Piece.box("w", new long[] {4, 6}, new long[] {0, 0}, new long[] {4, 2});
        Piece right = Piece.box("w", new long[] {4, 6}, new long[] {0, 2}, new long[] {4, 4});

        assertThat(Coverage.fault(List.of(left, right))).isEmpty();
        assertThat(Coverage.fault(List.of(left, right.flat(0, 7), right.flat(7, 16))))
                .isEmpty();
        assertThat(Coverage.fault(List.of(Piece.whole("scalar")))).isEmpty();
        assertThat(Coverage.fault(List.of(Piece.whole("nothing", 0, 4)))).isEmpty();
    }

    @Test
    void gapsOverlapsAndOtherShapesAreNamed() {
        Piece whole = Piece.whole("w", 4, 6);

        assertThat(Coverage.fault(List.of(whole.flat(0, 11), whole.flat(12, 24))))
                .contains("w [4, 6]: 23 of 24 elements");
        assertThat(Coverage.fault(List.of(whole.flat(0, 13), whole.flat(12, 24))))
                .contains("written twice: w [4, 6] elements 0 to 13 and w [4, 6] elements 12 to 24");
        assertThat(Coverage.fault(List.of(whole, Piece.whole("w", 6, 4))))
                .contains("ranks disagree on a shape: w [4, 6], w [6, 4]");
    }

    @Test
    void piecesLieInTheirTensor() {
        assertThatThrownBy(() -> Piece.box("w", new long[] {4}, new long[] {2}, new long[] {3}))
                .hasMessage("the box [2] + [3] does not lie in w [4]");
        assertThatThrownBy(() -> Piece.whole("w", 4).flat(3, 5))
                .hasMessage("elements 3 to 5 do not lie in the box [4] of w");
    }

    private static Piece piece(Random random) {
        long[] offset = new long[SHAPE.length];
        long[] extent = new long[SHAPE.length];
        for (int i = 0; i < SHAPE.length; i++) {
            offset[i] = random.nextInt((int) SHAPE[i]);
            extent[i] = 1 + random.nextInt((int) (SHAPE[i] - offset[i]));
        }
        Piece box = Piece.box("w", SHAPE, offset, extent);
        int from = random.nextInt((int) box.count());
        int count = 1 + random.nextInt((int) box.count() - from);
        return random.nextBoolean() ? box : box.flat(from, from + count);
    }

    /** Numbers that its elements have in the whole tensor, in order. */
    private static List<Long> elements(Piece piece) {
        List<Long> all = new ArrayList<>();
        long[] o = piece.offset();
        long[] e = piece.extent();
        for (long i = o[0]; i < o[0] + e[0]; i++) {
            for (long j = o[1]; j < o[1] + e[1]; j++) {
                for (long k = o[2]; k < o[2] + e[2]; k++) {
                    all.add((i * SHAPE[1] + j) * SHAPE[2] + k);
                }
            }
        }
        assertThat(Arrays.stream(e).reduce(1, Math::multiplyExact)).isEqualTo(all.size());
        return all.subList((int) piece.from(), (int) piece.to());
    }
}
