package io.apus.schemas;

import static io.apus.schemas.Registry.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private final Registry<Integer> numbers =
            Registry.of("number", entry("one", 1), entry("two", 2), entry("three", 3));

    @Test
    void namesStandInTheOrderOfTheirLines() {
        assertThat(numbers.names()).containsExactly("one", "two", "three");
        assertThat(numbers.get("two")).isEqualTo(2);
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearestAndAllOthers() {
        assertThatThrownBy(() -> numbers.get("thee"))
                .isInstanceOf(UserError.class)
                .hasMessage("Unknown number: \"thee\" is not known. Did you mean \"three\"? Known: one, two, three.");
    }

    @Test
    void aNameIsRegisteredOnce() {
        assertThatThrownBy(() -> Registry.of("number", entry("one", 1), entry("one", 2)))
                .hasMessageContaining("registered twice");
    }

    @Test
    void theNearestNameIsTheOneWithTheFewestEdits() {
        assertThat(Registry.nearest("learnig_rate", List.of("lora_rank", "learning_rate", "seed")))
                .isEqualTo("learning_rate");
        assertThat(Registry.nearest("x", List.of())).isEmpty();
    }
}
