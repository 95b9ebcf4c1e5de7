package io.apus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.manifest.Accounting;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountingTest {
    @Test
    void rowsInAreRowsKeptAndRefused() {
        assertThat(new Accounting(10, 7, Map.of("empty", 1L, "broken_json", 2L)).refused())
                .containsExactly(Map.entry("broken_json", 2L), Map.entry("empty", 1L));
    }

    @Test
    void aRowThatIsLostOrCountedTwiceCannotBeCommitted() {
        assertThatThrownBy(() -> new Accounting(10, 7, Map.of("empty", 2L))).hasMessageContaining("1 missing");
        assertThatThrownBy(() -> new Accounting(10, 7, Map.of("empty", 4L))).hasMessageContaining("1 too many");
    }
}
