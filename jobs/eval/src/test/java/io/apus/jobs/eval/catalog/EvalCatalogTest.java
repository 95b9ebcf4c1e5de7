package io.apus.jobs.eval.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.eval.task.EvalItem;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCatalogTest {
    @TempDir
    Path conf;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(conf.resolve("evals"));
    }

    @Test
    void readsMultipleChoiceRowsWithEveryWayToNameTheAnswer() throws IOException {
        set("quiz", "kind: multiple_choice", "prompt: q", "choices: options", "answer: a", "system: Choose.");
        rows(
                "quiz",
                "{\"q\": \"one?\", \"options\": [\"x\", \"y\", \"z\"], \"a\": 2}",
                "{\"q\": \"two?\", \"options\": [\"x\", \"y\"], \"a\": \"B\"}",
                "",
                "{\"q\": \"three?\", \"options\": [\"2\", \"0\"], \"a\": \"0\"}",
                "{\"q\": \"four?\", \"options\": [\"x\", \"y\"], \"a\": \"w\"}",
                "{\"q\": \"five?\", \"options\": [\"x\"], \"a\": 0}",
                "{\"options\": [\"x\", \"y\"], \"a\": 0}",
                "[1]",
                "{broken");
        EvalRows read = read("quiz", Integer.MAX_VALUE);
        assertThat(read.items()).extracting(EvalItem::answer).containsExactly(2, 1, 1);
        assertThat(read.items()).extracting(EvalItem::reference).containsExactly("z", "y", "0");
        assertThat(read.items()).extracting(EvalItem::id).containsExactly("000000", "000001", "000002");
        assertThat(read.items().get(0).prompt()).isEqualTo("system: Choose.\nuser: one?");
        assertThat(read.refused())
                .isEqualTo(Map.of(
                        "bad_answer", 1L, "bad_choices", 1L, "missing_column", 1L, "no_object", 1L, "broken_json", 1L));
    }

    @Test
    void choicesMayBeColumnsAndPromptsMayBePutTogether() throws IOException {
        set(
                "mmlu",
                "kind: multiple_choice",
                "prompt: \"{q}\\nA. {A}\\nB. {B}\"",
                "choices: [A, B]",
                "answer: a",
                "id: key");
        rows("mmlu", "{\"q\": \"cost $1?\", \"A\": \"no\", \"B\": \"yes\", \"a\": \"B\", \"key\": \"m7\"}");
        EvalItem item = read("mmlu", 5).items().get(0);
        assertThat(item.prompt()).isEqualTo("cost $1?\nA. no\nB. yes");
        assertThat(item.choices()).containsExactly("no", "yes");
        assertThat(item.id()).isEqualTo("m7");
    }

    @Test
    void generationRowsMayBeConversationsAndAreLimited() throws IOException {
        set("chat", "kind: generation", "prompt: messages", "answer: a", "answer_pattern: '#### (.+)'");
        String row = "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"a\": 7}";
        rows("chat", row, row, row);
        EvalRows read = read("chat", 2);
        assertThat(read.items()).hasSize(2);
        assertThat(read.items().get(0).reference()).isEqualTo("7");
        assertThat(read.items().get(0).answerPattern()).isEqualTo("#### (.+)");
    }

    @Test
    void aSetIsFoundByNameOrByPath() throws IOException {
        set("quiz", "kind: generation", "prompt: q", "answer: a");
        rows("quiz", "{\"q\": 1, \"a\": 2}");
        String path = conf.resolve("evals/quiz.yaml").toString();
        assertThat(EvalCatalog.resolve(conf, List.of(path)).get(0).name()).isEqualTo("quiz");
        assertThatThrownBy(() -> EvalCatalog.resolve(conf, List.of("quiz", path)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("two evaluation sets are called \"quiz\"");
        assertThatThrownBy(() -> EvalCatalog.resolve(conf, List.of("quis")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Did you mean \"quiz\"?");
    }

    @Test
    void everythingWrongWithAFileIsSaidAtOnce() throws IOException {
        set("bad", "kind: multiple_choise", "promt: q", "answer_pattern: '('", "choices: {a: 1}");
        assertThatThrownBy(() -> EvalCatalog.resolve(conf, List.of("bad")))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(
                        "did you mean \"multiple_choice\"?",
                        "unknown key \"promt\", did you mean \"prompt\"?",
                        "prompt is missing",
                        "answer is missing",
                        "bad.jsonl is not a file",
                        "answer_pattern is not a regular expression",
                        "choices must be a list");
    }

    private void set(String name, String... lines) throws IOException {
        Files.writeString(
                conf.resolve("evals/" + name + ".yaml"),
                "name: " + name + "\npath: " + name + ".jsonl\n" + String.join("\n", lines) + "\n");
    }

    private void rows(String name, String... lines) throws IOException {
        Files.writeString(conf.resolve("evals/" + name + ".jsonl"), String.join("\n", lines) + "\n");
    }

    private EvalRows read(String name, int limit) {
        return new EvalRowReader(EvalCatalog.resolve(conf, List.of(name)).get(0)).read(limit);
    }
}
