package io.apus.train.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.spec.LoaderSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAheadTest {
    private static final StepPlan PLAN = new StepPlan(20, 4, 1, 12, 1, false, false);

    /** A row's only token is its number; rows of the epoch in their order, four a step. */
    private static class Rows implements BatchSource {
        private final AtomicInteger loaded = new AtomicInteger();
        private final int broken;

        Rows(int broken) {
            this.broken = broken;
        }

        @Override
        public GlobalBatch batch(int step) {
            List<MicroBatch> passes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                passes.add(new MicroBatch(i, new int[] {step % 5 * 4 + i}));
            }
            return new GlobalBatch(step, passes, 4, 4);
        }

        @Override
        public RowTokens load(int[] rows) {
            loaded.incrementAndGet();
            if (rows[0] == broken) {
                throw new IllegalArgumentException("row " + broken + " cannot be read");
            }
            return new RowTokens(new long[] {rows[0]}, new float[] {1}, new int[] {1});
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void rowsComeInTheOrderOfThePassesOfTheRank(int workers) {
        Rows rows = new Rows(-1);
        List<Long> seen = new ArrayList<>();
        try (ReadAhead ahead = new ReadAhead(rows, PLAN, 3, 1, 2, new LoaderSpec(workers, 2))) {
            for (int step = 3; step < 12; step++) {
                for (MicroBatch pass : rows.batch(step).of(1, 2)) {
                    seen.add(ahead.take(pass).inputIds()[0]);
                    assertThat(rows.loaded.get()).isLessThanOrEqualTo(seen.size() + workers * 2);
                }
            }
        }

        assertThat(seen).hasSize(18).startsWith(13L, 15L, 17L, 19L, 1L, 3L).endsWith(5L, 7L);
    }

    @Test
    void anErrorOfReadingIsThatOfTheStepThatNeedsTheRows() {
        Rows rows = new Rows(2);
        try (ReadAhead ahead = new ReadAhead(rows, PLAN, 0, 0, 1, new LoaderSpec(1, 4))) {
            List<MicroBatch> passes = rows.batch(0).microBatches();
            ahead.take(passes.get(0));
            ahead.take(passes.get(1));
            assertThatThrownBy(() -> ahead.take(passes.get(2))).hasMessage("row 2 cannot be read");
        }
    }

    @Test
    void waitingIsMeasuredAndTheThreadEndsWithTheReader() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        Thread[] reader = new Thread[1];
        Rows slow = new Rows(-1) {
            @Override
            public RowTokens load(int[] rows) {
                reader[0] = Thread.currentThread();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return super.load(rows);
            }
        };
        Thread opener = new Thread(go::countDown);
        try (ReadAhead ahead = new ReadAhead(slow, PLAN, 0, 0, 1, new LoaderSpec(1, 2))) {
            opener.start();
            ahead.take(slow.batch(0).microBatches().get(0));
            assertThat(ahead.waitedSeconds()).isPositive();
        }
        opener.join();
        reader[0].join(10_000);
        assertThat(reader[0].isAlive()).isFalse();
    }
}
