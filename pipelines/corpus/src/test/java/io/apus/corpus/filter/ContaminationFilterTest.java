package io.apus.corpus.filter;

import static io.apus.corpus.filter.TestFilters.detail;
import static io.apus.corpus.filter.TestFilters.reason;
import static io.apus.corpus.filter.TestFilters.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.FilterRule;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContaminationFilterTest {
    private static final String QUESTION =
            "A farmer has seventeen sheep and all but nine of them run away, how many sheep are left?";

    @TempDir
    Path folder;

    @Test
    void runsOfWordsOfAnEvaluationSetAreFound() throws IOException {
        Path set = Files.writeString(
                folder.resolve("set.jsonl"),
                "{\"question\": \"Short one\", \"choices\": [\"He said that eight words are quite enough here\"]}\n"
                        + "{\"question\": \"" + QUESTION + "\"}\n");
        RowFilters filters = TestFilters.of(FilterRule.named("contamination").with("against", set.toString()));

        assertThat(detail(
                        filters,
                        text("Riddle: "
                                + QUESTION.toUpperCase(java.util.Locale.ROOT).replace(" ", "\n"))))
                .isEqualTo("shares 13 words with " + set
                        + " row 1: \"A FARMER HAS SEVENTEEN SHEEP AND ALL BUT NINE OF THEM RUN AWAY\"");
        assertThat(detail(filters, text("I know he said that, eight words are quite enough here, so what")))
                .startsWith("shares 9 words with");
        assertThat(reason(filters, text("A farmer has seventeen sheep and all but nine of them ran off. Short one.")))
                .isEqualTo("kept");
        assertThatThrownBy(
                        () -> TestFilters.of(FilterRule.named("contamination").with("against", "none.jsonl")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there is no file none.jsonl");
    }

    @Test
    void aTestSetIsFoundInItselfAndHardlyInItsTrainingSet() throws IOException {
        Path test = SharedReference.path("data/gsm8k_test.jsonl");
        RowFilters filters = TestFilters.of(FilterRule.named("contamination").with("against", test.toString()));
        FileAccount itself = new FileAccount().add(test);
        FileAccount train = new FileAccount().add(SharedReference.path("data/gsm8k_train.jsonl"));

        long found = itself.kept().stream()
                .filter(sample -> reason(filters, sample).equals("contaminated"))
                .count();
        long foundInTraining = train.kept().stream()
                .filter(sample -> reason(filters, sample).equals("contaminated"))
                .count();

        assertThat(found).isEqualTo(1319);
        assertThat(foundInTraining).isBetween(1L, 400L);
        System.out.println("gsm8k_train rows that share 13 words with gsm8k_test: " + foundInTraining + " of 7473");
    }
}
