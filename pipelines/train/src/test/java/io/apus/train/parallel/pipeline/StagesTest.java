package io.apus.train.parallel.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StagesTest {
    @Test
    void blocksAreSharedEvenly() {
        assertThat(Stages.of(List.of(5L, 5L, 5L, 5L), 0, 0, 2).starts()).containsExactly(0, 2, 4);
        assertThat(Stages.of(List.of(5L, 5L, 5L, 5L), 0, 0, 4).starts()).containsExactly(0, 1, 2, 3, 4);
        assertThat(Stages.of(List.of(5L, 5L, 5L, 5L), 0, 0, 1).starts()).containsExactly(0, 4);
    }

    /** An embedding or a head as large as two blocks leaves its stage fewer of them. */
    @Test
    void whatStandsBeforeAndBehindTheBlocksCounts() {
        assertThat(Stages.of(List.of(5L, 5L, 5L, 5L), 10, 0, 2).starts()).containsExactly(0, 1, 4);
        assertThat(Stages.of(List.of(5L, 5L, 5L, 5L), 0, 10, 2).starts()).containsExactly(0, 3, 4);
        assertThat(Stages.of(List.of(1L, 1L, 9L, 1L), 0, 0, 3).starts()).containsExactly(0, 2, 3, 4);
    }

    @Test
    void everyStageHasABlock() {
        assertThat(Stages.of(List.of(1L, 1L, 1L), 100, 100, 3).starts()).containsExactly(0, 1, 2, 3);
    }
}
