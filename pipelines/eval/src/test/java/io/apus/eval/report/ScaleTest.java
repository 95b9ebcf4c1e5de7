package io.apus.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void endsAndStepsAreRound() {
        assertThat(Scale.covering(0.31, 8.2, 5).ticks()).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0, 10.0);
        assertThat(Scale.covering(1, 120, 9).ticks()).startsWith(0.0, 20.0).endsWith(120.0);
    }

    @Test
    void aSingleValueHasRoomAroundIt() {
        Scale scale = Scale.covering(5, 5, 4);
        assertThat(scale.place(5)).isBetween(0.2, 0.8);
        assertThat(Scale.covering(0, 0, 4).place(0)).isBetween(0.0, 1.0);
    }

    @Test
    void smallNumbersKeepTheirScale() {
        Scale scale = Scale.covering(1e-6, 5e-4, 4);
        assertThat(scale.from()).isZero();
        assertThat(scale.to()).isBetween(5e-4, 6.1e-4);
    }
}
