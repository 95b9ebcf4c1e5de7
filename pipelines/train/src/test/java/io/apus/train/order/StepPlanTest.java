package io.apus.train.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.apus.schemas.data.PackedRow;
import io.apus.schemas.spec.TrainSpec;
import io.apus.shards.ShardReader;
import io.apus.shards.ShardWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepPlanTest {
    @TempDir
    private Path folder;

    @Test
    void anOrderHoldsEveryRowOnceAndDependsOnSeedAndEpochAlone() {
        int[] order = Shuffle.permutation(1000, 42, 0);

        assertThat(order).containsExactlyInAnyOrder(Shuffle.identity(1000));
        assertThat(Shuffle.permutation(1000, 42, 0)).containsExactly(order);
        assertThat(Shuffle.permutation(1000, 42, 1)).isNotEqualTo(order);
        assertThat(Shuffle.permutation(1000, 43, 0)).isNotEqualTo(order);
    }

    @Test
    void theOrderIsTheSameInEveryVersion() {
        assertThat(Shuffle.permutation(10, 42, 0)).containsExactly(6, 7, 9, 8, 2, 1, 0, 5, 4, 3);
    }

    @Test
    void everyOrderIsAsLikelyAsAnyOther() {
        int trials = 24_000;
        int[] counts = new int[4 * 4 * 4];
        for (int seed = 0; seed < trials; seed++) {
            int[] order = Shuffle.permutation(4, seed, 3);
            counts[order[0] * 16 + order[1] * 4 + order[2]]++;
        }

        double expected = trials / 24.0;
        double chiSquare = IntStream.of(counts)
                .filter(count -> count > 0)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        assertThat(IntStream.of(counts).filter(count -> count > 0).count()).isEqualTo(24);
        assertThat(chiSquare).isLessThan(49.7); // 23 degrees of freedom, p = 0.001
    }

    @Test
    void stepsAreCountedAsTransformersDoes() {
        assertThat(plan(10, 4, 3.0, -1).totalSteps()).isEqualTo(9);
        assertThat(plan(10, 4, 0.5, -1).totalSteps()).isEqualTo(2);
        assertThat(plan(10, 4, 3.0, 7).totalSteps()).isEqualTo(7);
        assertThat(plan(10, 4, 3.0, -1).epochsAfter(4)).isCloseTo(1.4, within(1e-12));
    }

    @Test
    void anEpochTakesEveryRowOnceAndKeepsTheLastPartialBatch() {
        ShardBatches batches = batches(10, plan(10, 4, 3.0, -1));

        List<Integer> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int step = 3; step < 6; step++) {
            List<Integer> rows = rows(batches.batch(step).microBatches());
            sizes.add(rows.size());
            seen.addAll(rows);
        }

        assertThat(sizes).containsExactly(4, 4, 2);
        assertThat(rows(batches.batch(0).microBatches())).isNotEqualTo(seen.subList(0, 4));
        assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void passesAreTheSameHoweverManyRanksShareThem() {
        GlobalBatch batch = batches(11, plan(11, 8, 1.0, -1)).batch(0);

        for (int size : new int[] {1, 2, 3, 5}) {
            List<MicroBatch> together = new ArrayList<>();
            for (int rank = 0; rank < size; rank++) {
                together.addAll(batch.of(rank, size));
            }
            assertThat(together).containsExactlyInAnyOrderElementsOf(batch.microBatches());
        }
        assertThat(batch.microBatches()).extracting(MicroBatch::index).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aBatchKnowsItsWeightAndTokensWithoutReadingThem() {
        ShardBatches batches = batches(5, plan(5, 8, 1.0, -1));
        GlobalBatch batch = batches.batch(0);

        assertThat(batch.tokens()).isEqualTo(5 * 3);
        assertThat(batch.weightSum()).isEqualTo(5 * 1.5);
        assertThat(batch.scale()).isEqualTo(1 / 7.5);
        RowTokens rows = batches.load(new int[] {4, 1});
        assertThat(rows.inputIds()).containsExactly(4, 5, 6, 1, 2, 3);
        assertThat(rows.lossWeights()).containsExactly(0, 1, 0.5f, 0, 1, 0.5f);
        assertThat(rows.segmentLengths()).containsExactly(3, 3);
    }

    @Test
    void rowsOfAboutTheSameLengthComeTogetherAndTheLongestFirst() {
        int[] lengths = new SplittableRandom(5).ints(1000, 1, 500).toArray();
        int[] order = Shuffle.permutation(1000, 42, 1);

        int[] grouped = LengthGroups.of(order, row -> lengths[row], 8);

        assertThat(grouped).containsExactlyInAnyOrder(order).isEqualTo(LengthGroups.of(order, row -> lengths[row], 8));
        assertThat(lengths[grouped[0]]).isEqualTo(IntStream.of(lengths).max().orElseThrow());
        assertThat(spread(grouped, lengths)).isLessThan(spread(order, lengths) / 10);
        assertThat(LengthGroups.of(new int[] {2, 0, 1}, row -> row == 0 ? 9 : 5, 8))
                .containsExactly(0, 2, 1);
    }

    /** Mean difference between the longest and the shortest row of a batch of 8. */
    private static double spread(int[] order, int[] lengths) {
        return IntStream.range(0, order.length / 8)
                .mapToLong(batch -> {
                    LongSummaryStatistics of = IntStream.range(batch * 8, batch * 8 + 8)
                            .mapToLong(at -> lengths[order[at]])
                            .summaryStatistics();
                    return of.getMax() - of.getMin();
                })
                .average()
                .orElseThrow();
    }

    @Test
    void passesHaveSeedsOfTheirOwn() {
        StepPlan plan = plan(10, 4, 1.0, -1);

        assertThat(List.of(plan.passSeed(0, 0), plan.passSeed(0, 1), plan.passSeed(1, 0), plan.passSeed(1, 1)))
                .doesNotHaveDuplicates();
        assertThat(plan.passSeed(1, 1)).isEqualTo(plan(99, 4, 2.0, -1).passSeed(1, 1));
    }

    private static StepPlan plan(int rows, int globalBatch, double epochs, int maxSteps) {
        TrainSpec spec = new com.fasterxml.jackson.databind.ObjectMapper()
                .convertValue(
                        java.util.Map.of(
                                "perDeviceTrainBatchSize",
                                2,
                                "gradientAccumulationSteps",
                                globalBatch / 2,
                                "numTrainEpochs",
                                epochs,
                                "maxSteps",
                                maxSteps),
                        TrainSpec.class);
        return StepPlan.of(rows, spec, 42);
    }

    private ShardBatches batches(int rows, StepPlan plan) {
        try (ShardWriter writer = new ShardWriter(folder, "train", 8, "none", 9)) {
            for (int row = 0; row < rows; row++) {
                writer.add(new PackedRow(
                        new int[] {row, row + 1, row + 2},
                        new float[] {0, 1, 0.5f},
                        new int[] {3},
                        List.of("s" + row)));
            }
            writer.commit();
        }
        return new ShardBatches(ShardReader.open(folder), plan);
    }

    private static List<Integer> rows(List<MicroBatch> passes) {
        return passes.stream()
                .flatMap(pass -> IntStream.of(pass.rows()).boxed())
                .toList();
    }
}
