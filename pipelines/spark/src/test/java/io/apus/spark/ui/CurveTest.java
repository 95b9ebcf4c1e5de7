package io.apus.spark.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CurveTest {
    @Test
    void aLongRunKeepsFewPointsThatStandForEqualShares() {
        Curve curve = Curve.EMPTY;
        for (int step = 1; step <= 100_000; step++) {
            curve = curve.plus(step, step % 2 == 0 ? 3 : 1);
        }

        assertThat(curve.steps()).hasSizeBetween(Curve.LIMIT / 2, Curve.LIMIT).isSorted();
        assertThat(curve.steps().get(0)).isEqualTo(curve.stride());
        assertThat(curve.steps().get(curve.steps().size() - 1)).isEqualTo(100_000);
        assertThat(curve.values().stream().mapToDouble(v -> v).average().orElseThrow())
                .isCloseTo(2, within(1e-9));
        assertThat(curve.newest()).isEqualTo(3);
    }

    @Test
    void stepsThatAreTrainedAgainReplaceTheirPoints() {
        Curve curve = Curve.EMPTY;
        for (int step = 1; step <= 20; step++) {
            curve = curve.plus(step, 1);
        }

        curve = curve.plus(11, 2);

        assertThat(curve.steps()).hasSize(11);
        assertThat(curve.steps().get(10)).isEqualTo(11);
        assertThat(curve.values().get(10)).isEqualTo(2);
    }

    @Test
    void anAxisHasRoundMarks() {
        assertThat(Axis.over(0.13, 0.88, 4).marks())
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-9 ? 0 : 1)
                .containsExactly(0.2, 0.4, 0.6, 0.8);
        assertThat(Axis.over(0, 0.9, 4).marks()).hasSize(5);
        assertThat(Axis.over(5, 5, 4).marks()).contains(5.0);
        assertThat(Axis.over(0, 0, 4).marks()).isNotEmpty();
    }

    @Test
    void figuresAreShort() {
        assertThat(Figures.number(1_234_567)).isEqualTo("1.235M");
        assertThat(Figures.number(2e-5)).isEqualTo("2e-05");
        assertThat(Figures.number(2.5)).isEqualTo("2.5");
        assertThat(Figures.number(100)).isEqualTo("100");
        assertThat(Figures.number(0)).isEqualTo("0");
        assertThat(Figures.number(-12.345)).isEqualTo("-12.35");
    }
}
