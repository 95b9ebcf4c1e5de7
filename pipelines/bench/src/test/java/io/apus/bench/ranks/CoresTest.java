package io.apus.bench.ranks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoresTest {
    @Test
    void aListOfRangesNamesEveryCore() {
        assertThat(Cores.numbers("0-2,5,7-7")).containsExactly(0, 1, 2, 5, 7);
        assertThat(Cores.allowed()).isSorted().doesNotHaveDuplicates();
    }
}
