package io.apus.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.eval.TinyModels;
import io.apus.model.DecoderModel;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.data.Score;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EvalKindsTest {
    private static final EvalOptions OPTIONS = new EvalOptions(6, 0, 42);
    private static final ByteCodec CODEC = new ByteCodec();
    private static DecoderModel model;

    @BeforeAll
    static void load() {
        model = TinyModels.qwen3();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void aGenerationIsRightWhenItEqualsTheReference() {
        EvalItem asked = item(EvalKinds.GENERATION, "1", "say", List.of(), -1, "?");
        Score first = run(asked).get(0).scores().get(0);
        assertThat(first.value()).isZero();
        assertThat(first.prediction()).isNotEmpty();
        Score again = run(item(EvalKinds.GENERATION, "1", "say", List.of(), -1, " " + first.prediction()))
                .get(0)
                .scores()
                .get(0);
        assertThat(again.value()).isEqualTo(1);
        assertThat(again.metric()).isEqualTo("exact_match");
        assertThat(again.prompt()).isEqualTo("say");
    }

    @Test
    void multipleChoiceScoresWhetherTheLikeliestIsRight() {
        List<String> choices = List.of("red", "green", "blue and yellow");
        int hits = 0;
        int normalisedHits = 0;
        for (int answer = 0; answer < choices.size(); answer++) {
            Outcome outcome = run(item(EvalKinds.MULTIPLE_CHOICE, "1", "colour?", choices, answer, choices.get(answer)))
                    .get(0);
            assertThat(outcome.scores()).extracting(Score::metric).containsExactly("acc", "acc_norm");
            assertThat(outcome.scores().get(0).prediction()).isIn(choices);
            hits += outcome.scores().get(0).value() == 1 ? 1 : 0;
            normalisedHits += outcome.scores().get(1).value() == 1 ? 1 : 0;
        }
        assertThat(hits).isEqualTo(1);
        assertThat(normalisedHits).isEqualTo(1);
    }

    @Test
    void perplexityMeasuresTheReferenceAfterThePrompt() {
        Outcome outcome =
                run(item(EvalKinds.PERPLEXITY, "1", "ab", List.of(), -1, "cde")).get(0);
        PackedRow row = new PackedRow(
                new int[] {'a', 'b', 'c', 'd', 'e'}, new float[] {0, 0, 1, 1, 1}, new int[] {5}, List.of("1"));
        Score loss = outcome.scores().get(0);
        assertThat(loss.value())
                .isEqualTo(HeldOut.score(model, row).get(0).scores().get(0).value());
        assertThat(loss.weight()).isEqualTo(3);
    }

    @Test
    void anItemThatDoesNotFitIsRefusedAndTheOthersAreScored() {
        String tooLong = "x".repeat(TinyModels.CONTEXT);
        for (String kind : EvalKinds.REGISTRY.names()) {
            List<Outcome> outcomes = run(
                    item(kind, "1", "short", List.of("a", "b"), 0, "a"),
                    item(kind, "2", tooLong, List.of("a", "b"), 0, "a"),
                    item(kind, "3", "brief", List.of("a", "b"), 0, "a"));
            assertThat(outcomes).as(kind).extracting(Outcome::item).containsExactly("1", "2", "3");
            assertThat(outcomes).as(kind).extracting(Outcome::refusal).containsExactly(null, "over_long", null);
            assertThat(outcomes.get(2).scores()).as(kind).isNotEmpty();
        }
    }

    @Test
    void heldOutSamplesWithoutSupervisedTokensAreRefused() {
        PackedRow row = new PackedRow(new int[] {5, 6, 7}, new float[] {0, 0, 1}, new int[] {1, 2}, List.of("a", "b"));
        assertThat(HeldOut.score(model, row)).extracting(Outcome::refusal).containsExactly("no_targets", null);
    }

    @Test
    void anUnknownKindNamesTheNearest() {
        assertThatThrownBy(() -> EvalKinds.REGISTRY.get("multiple_choise"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"multiple_choice\"?");
    }

    private static List<Outcome> run(EvalItem... items) {
        return EvalKinds.REGISTRY.get(items[0].kind()).score(model, CODEC, OPTIONS, new ArrayList<>(List.of(items)));
    }

    private static EvalItem item(
            String kind, String id, String prompt, List<String> choices, int answer, String reference) {
        return new EvalItem("quiz", kind, id, List.of(new Message("user", prompt)), choices, answer, reference, null);
    }
}
