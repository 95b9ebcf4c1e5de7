package io.apus.corpus.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.spec.PackSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackerTest {
    private static final int[] EXAMPLE = {700, 120, 950, 310, 64, 512, 480, 33, 1000, 205, 777, 90, 260};
    private static final PackSpec BINPACK = new PackSpec(true, null, "binpack", null);
    private static final PackSpec SEQUENTIAL = new PackSpec(true, null, "sequential", null);
    private static final PackSpec SINGLE = new PackSpec(false, null, null, null);

    private static List<List<Integer>> rows(PackPlan plan) {
        return IntStream.range(0, plan.rows())
                .mapToObj(row -> Arrays.stream(plan.row(row)).boxed().toList())
                .toList();
    }

    @Test
    void bestFitMatchesMsSwiftsWindow() {
        assertThat(rows(BestFit.plan(EXAMPLE, 1024)))
                .containsExactly(
                        List.of(8), List.of(2, 4), List.of(10, 9, 7), List.of(0, 3), List.of(5, 6), List.of(12, 1, 11));
    }

    @Test
    void binpackGivesTheSameRowsInASeededOrder() {
        PackPlan plan = Packer.plan(BINPACK, 1024, EXAMPLE, 42);
        assertThat(rows(plan)).containsExactlyInAnyOrderElementsOf(rows(BestFit.plan(EXAMPLE, 1024)));
        assertThat(rows(plan)).isEqualTo(rows(Packer.plan(BINPACK, 1024, EXAMPLE, 42)));
        assertThat(IntStream.range(0, 20)
                        .mapToObj(seed -> rows(Packer.plan(BINPACK, 1024, EXAMPLE, seed)))
                        .distinct()
                        .count())
                .isGreaterThan(10);
    }

    @Test
    void sequentialMatchesMsSwift() {
        assertThat(rows(Packer.plan(SEQUENTIAL, 1024, EXAMPLE, 42)))
                .containsExactly(
                        List.of(0, 1),
                        List.of(2),
                        List.of(3, 4, 5),
                        List.of(6, 7),
                        List.of(8),
                        List.of(9, 10),
                        List.of(11, 12));
    }

    @Test
    void withoutPackingEverySampleHasARowInOrder() {
        assertThat(rows(Packer.plan(SINGLE, 1024, EXAMPLE, 42)))
                .isEqualTo(IntStream.range(0, 13).mapToObj(List::of).toList());
    }

    @Test
    void noSampleIsLostOrRepeatedAndNoRowOverflows() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 200; round++) {
            int capacity = 1 + random.nextInt(300);
            int[] lengths = random.ints(random.nextInt(400), 1, 320).toArray();
            for (PackSpec spec : List.of(BINPACK, SEQUENTIAL, SINGLE)) {
                check(Packer.plan(spec, capacity, lengths, round), capacity, lengths);
            }
        }
    }

    private static void check(PackPlan plan, int capacity, int[] lengths) {
        assertThat(plan.samples()).isEqualTo(lengths.length);
        assertThat(rows(plan).stream().flatMap(List::stream).sorted())
                .containsExactlyElementsOf(
                        IntStream.range(0, lengths.length).boxed().toList());
        int[] rowOf = plan.rowOf();
        int[] slotOf = plan.slotOf();
        for (int row = 0; row < plan.rows(); row++) {
            int[] members = plan.row(row);
            assertThat(members).isNotEmpty();
            int total = Arrays.stream(members).map(i -> lengths[i]).sum();
            assertThat(total <= capacity || members.length == 1).isTrue();
            for (int slot = 0; slot < members.length; slot++) {
                assertThat(rowOf[members[slot]]).isEqualTo(row);
                assertThat(slotOf[members[slot]]).isEqualTo(slot);
            }
        }
    }

    /** Best fit decreasing by the book: look through all rows for the fullest that still takes the sample, the first of several. */
    private static List<List<Integer>> byTheBook(int[] lengths, int capacity) {
        List<List<Integer>> rows = new ArrayList<>();
        List<Integer> used = new ArrayList<>();
        int[] order = IntStream.range(0, lengths.length)
                .boxed()
                .sorted((a, b) -> lengths[a] != lengths[b] ? lengths[b] - lengths[a] : a - b)
                .mapToInt(Integer::intValue)
                .toArray();
        for (int sample : order) {
            int best = -1;
            for (int row = 0; row < rows.size(); row++) {
                if (used.get(row) + lengths[sample] <= capacity && (best < 0 || used.get(row) > used.get(best))) {
                    best = row;
                }
            }
            if (best < 0) {
                best = rows.size();
                rows.add(new ArrayList<>());
                used.add(0);
            }
            rows.get(best).add(sample);
            used.set(best, used.get(best) + lengths[sample]);
        }
        return rows;
    }

    @Test
    void bestFitIsTheSameAsByTheBook() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 100; round++) {
            int capacity = 20 + random.nextInt(500);
            int[] lengths = random.ints(random.nextInt(300), 1, capacity + 1).toArray();
            assertThat(rows(BestFit.plan(lengths, capacity))).isEqualTo(byTheBook(lengths, capacity));
        }
    }

    @Test
    void neverWorseThanNextFitAndCloseToTheBound() {
        SplittableRandom random = new SplittableRandom(13);
        int[] lengths = random.ints(200_000, 20, 1500).toArray();
        PackPlan plan = Packer.plan(BINPACK, 2048, lengths, 1);
        long tokens = Arrays.stream(lengths).asLongStream().sum();
        assertThat(plan.rows())
                .isLessThan(Packer.plan(SEQUENTIAL, 2048, lengths, 1).rows());
        assertThat(tokens / (double) (plan.rows() * 2048L)).isGreaterThan(0.98);
    }

    @Test
    void aGroupIsPlannedAsOneAndItsMembersAreNeighbours() {
        SampleGroups groups = SampleGroups.of(new int[] {0, 0, 1, 0, 1, 2, 0});
        int[] lengths = {500, 300, 400, 200, 200, 200, 100};
        assertThat(groups.lengths(lengths)).containsExactly(500, 700, 600, 100);
        PackPlan plan = groups.members(BestFit.plan(groups.lengths(lengths), 1200));
        assertThat(rows(plan)).containsExactly(List.of(1, 2, 0), List.of(3, 4, 5, 6));
        assertThat(plan.slotOf()).containsExactly(2, 0, 1, 0, 1, 2, 3);
        assertThatThrownBy(() -> SampleGroups.of(new int[] {0, 2})).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRowWithoutRoomIsABug() {
        assertThatThrownBy(() -> Packer.plan(BINPACK, 0, EXAMPLE, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Packer.plan(BINPACK, 10, new int[] {0}, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
