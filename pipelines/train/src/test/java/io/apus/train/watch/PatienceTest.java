package io.apus.train.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {
    @Test
    void aStallIsToldOnceAndAgainOnlyAfterSomethingHappened() {
        Patience patience = new Patience(100, 1000);

        assertThat(patience.lost(1099)).isEmpty();
        assertThat(patience.untilLost(1099)).isEqualTo(1);
        assertThat(patience.lost(1100)).hasValue(100);
        assertThat(patience.lost(5000)).isEmpty();
        assertThat(patience.untilLost(5000)).isEqualTo(Long.MAX_VALUE);

        patience.happened(5000);
        assertThat(patience.untilLost(5030)).isEqualTo(70);
        assertThat(patience.lost(5099)).isEmpty();
        assertThat(patience.lost(5250)).hasValue(250);
    }
}
