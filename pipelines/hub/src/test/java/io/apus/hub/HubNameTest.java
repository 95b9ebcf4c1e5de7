package io.apus.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HubNameTest {
    @Test
    void aPrefixNamesTheHubElseUseHfDecides() {
        assertThat(HubName.parse("hf::a/b", Map.of())).isEqualTo(new HubName("hf", "a/b"));
        assertThat(HubName.parse("ms::a/b", Map.of("USE_HF", "1"))).isEqualTo(new HubName("ms", "a/b"));
        assertThat(HubName.parse("a/b", Map.of())).isEqualTo(new HubName("ms", "a/b"));
        assertThat(HubName.parse("a/b", Map.of("USE_HF", "true"))).isEqualTo(new HubName("hf", "a/b"));
    }
}
