package io.apus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.catalog.DatasetEntry;
import io.apus.schemas.catalog.DatasetSubset;
import io.apus.schemas.catalog.EvalEntry;
import io.apus.schemas.catalog.MappingStep;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogEntryTest {
    private static final DatasetSubset PLAIN = new DatasetSubset("plain", null, null, false, null, null, null);

    @Test
    void subsetsTakeFromTheDatasetWhatTheyDoNotSayThemselves() {
        DatasetSubset own = new DatasetSubset(
                "own",
                "hub",
                List.of("test"),
                true,
                "label",
                Map.of("b", "query"),
                List.of(new MappingStep("drop", null)));
        DatasetEntry entry = entry("owner/name", "messages", PLAIN, own);

        assertThat(PLAIN.hub()).isEqualTo("plain");
        assertThat(PLAIN.splits()).containsExactly("train");
        assertThat(entry.shape(PLAIN)).isEqualTo("messages");
        assertThat(entry.shape(own)).isEqualTo("label");
        assertThat(entry.columns(own)).isEqualTo(Map.of("a", "query", "b", "query"));
        assertThat(entry.mapping(PLAIN)).isEmpty();
        assertThat(entry.mapping(own)).hasSize(1);
    }

    @Test
    void subsetsAreChosenAsMsSwiftChoosesThem() {
        DatasetSubset mini = new DatasetSubset("mini", "default", null, true, null, null, null);
        DatasetSubset main = new DatasetSubset("default", null, null, false, null, null, null);

        assertThat(entry("a/b", "auto", PLAIN).select(List.of())).containsExactly(PLAIN);
        assertThat(entry("a/b", "auto", PLAIN, main, mini).select(List.of())).containsExactly(main);
        assertThat(entry("a/b", "auto", PLAIN, main, mini).select(List.of("all")))
                .containsExactly(PLAIN, main);
        assertThat(entry("a/b", "auto", PLAIN, main, mini).select(List.of("mini", "plain")))
                .containsExactly(mini, PLAIN);
        assertThatThrownBy(() -> entry("a/b", "auto", PLAIN, mini).select(List.of()))
                .hasMessageContaining("it has the subsets plain, mini")
                .hasMessageContaining("as in id:plain");
        assertThatThrownBy(() -> entry("a/b", "auto", PLAIN, mini).select(List.of("plane")))
                .hasMessageContaining("Did you mean \"plain\"?");
    }

    @Test
    void everythingWrongWithADatasetIsSaidAtOnce() {
        assertThatThrownBy(() -> entry("../name", "chat", PLAIN, PLAIN))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(
                        "hf is \"../name\", not owner/name",
                        "the subset plain is there twice",
                        "the shape \"chat\" is none of auto, messages");
    }

    private static DatasetEntry entry(String hf, String shape, DatasetSubset... subsets) {
        return new DatasetEntry(
                "id",
                null,
                null,
                null,
                hf,
                null,
                List.of(subsets),
                shape,
                Map.of("a", "query"),
                null,
                null,
                null,
                1L,
                false);
    }

    @Test
    void everythingWrongWithAnEvaluationSetIsSaidAtOnce() {
        assertThatThrownBy(() -> new EvalEntry("quiz", "generation", null, null, null, null, null, "(", null))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("path is missing", "answer is missing", "not a regular expression");
    }
}
