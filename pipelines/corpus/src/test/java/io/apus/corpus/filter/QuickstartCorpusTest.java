package io.apus.corpus.filter;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.corpus.vocabulary.CreatedModel;
import io.apus.corpus.vocabulary.WordCounts;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The corpus in conf/datasets/quickstart: its README says which rows are bad, and exactly those are refused. */
class QuickstartCorpusTest {
    private static final Path CORPUS = SharedReference.projectRoot().resolve("conf/datasets/quickstart");
    private static final Path EVALS = SharedReference.projectRoot().resolve("conf/evals");
    private static final String OVER_LONG = "over_long";

    private static FileAccount account() throws IOException {
        return new FileAccount()
                .add(CORPUS.resolve("chat.jsonl"))
                .add(CORPUS.resolve("facts.json"))
                .add(CORPUS.resolve("qa.csv"));
    }

    /** The planted rows as {@code file row stage reason}. */
    private static Set<String> planted() throws IOException {
        return Files.readAllLines(CORPUS.resolve("README.md")).stream()
                .filter(line -> line.contains("`") && line.startsWith("| "))
                .map(line -> line.split("\\|", -1))
                .map(cells -> cells[1].strip() + " " + cells[2].strip() + " " + cells[4].strip() + " "
                        + cells[5].replace("`", "").strip())
                .collect(Collectors.toSet());
    }

    @Test
    void exactlyThePlantedRowsAreRefused() throws IOException {
        FileAccount account = account();
        Set<String> expected = planted();
        assertThat(expected).hasSizeGreaterThanOrEqualTo(20);
        expected.removeIf(row -> row.endsWith(OVER_LONG));
        assertThat(account.rejects().stream()
                        .map(reject -> reject.key().dataset() + " "
                                + reject.key().row() + " " + reject.stage() + " " + reject.reason()))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(account.accounting().kept()).isEqualTo(956);
    }

    @Test
    void onlyTheOverLongRowNeedsMoreThan512Tokens(@TempDir Path folder) throws IOException {
        List<Sample> kept = account().kept();
        List<String> texts = new ArrayList<>();
        kept.forEach(sample -> texts.addAll(WordCounts.texts(sample)));
        CreateModelSpec spec = new CreateModelSpec(null, null, null, null, null, null, null, null, null, null, null);
        CreatedModel.write(folder, spec, WordCounts.count(texts.iterator()));
        Set<String> longRows = new HashSet<>();
        try (HuggingFaceTokenizer tokenizer =
                HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"), Map.of("truncation", "false"))) {
            for (Sample sample : kept) {
                String text = String.join("", WordCounts.texts(sample));
                if (tokenizer.encode(text).getIds().length > 512) {
                    longRows.add(sample.key().dataset() + " " + sample.key().row() + " tokenize " + OVER_LONG);
                }
            }
        }
        assertThat(planted().stream().filter(row -> row.endsWith(OVER_LONG)))
                .containsExactlyInAnyOrderElementsOf(longRows);
    }

    @Test
    void theCorpusHasEveryKindOfConversation() throws IOException {
        List<Sample> kept = account().kept();
        assertThat(kept).filteredOn(sample -> sample.messages().size() > 3).hasSizeGreaterThan(60);
        assertThat(kept)
                .filteredOn(sample -> sample.messages().get(0).role().equals("system"))
                .hasSizeGreaterThan(60);
        assertThat(kept.stream().map(sample -> sample.key().dataset()).distinct())
                .hasSize(3);
    }

    @Test
    void theSameQuestionAlwaysHasTheSameAnswer() throws IOException {
        Map<String, Set<String>> answers = account().kept().stream()
                .collect(Collectors.groupingBy(
                        sample -> opening(sample),
                        Collectors.mapping(sample -> firstAnswer(sample), Collectors.toSet())));
        assertThat(answers)
                .allSatisfy((question, given) -> assertThat(given).as(question).hasSize(1));
    }

    /** What the first answer depends on: the first question, and the system prompt where it asks for another form. */
    private static String opening(Sample sample) {
        boolean brief = sample.messages().get(0).content().startsWith("Answer with");
        String question = sample.messages().stream()
                .filter(m -> m.role().equals("user"))
                .findFirst()
                .orElseThrow()
                .content();
        return (brief ? "in a word: " : "") + question;
    }

    private static String firstAnswer(Sample sample) {
        return sample.messages().stream()
                .filter(m -> m.role().equals("assistant"))
                .findFirst()
                .orElseThrow()
                .content();
    }

    @Test
    void theEvaluationsAskForWhatTheCorpusTeaches() throws IOException {
        Set<String> taught = account().kept().stream()
                .flatMap(sample -> sample.messages().stream())
                .filter(message -> message.role().equals("assistant"))
                .map(Message::content)
                .collect(Collectors.toSet());
        List<JsonNode> choices = rows("quickstart-choice.jsonl");
        assertThat(choices).hasSizeGreaterThanOrEqualTo(20).allSatisfy(row -> {
            Set<String> given = new HashSet<>();
            row.get("choices").forEach(choice -> given.add(choice.textValue()));
            assertThat(given).hasSize(4);
            assertThat(taught)
                    .contains(
                            row.get("choices").get(row.get("answer").intValue()).textValue());
            given.retainAll(taught);
            assertThat(given).as(row.get("question").textValue()).hasSize(1);
        });
        assertThat(rows("quickstart-exact.jsonl"))
                .hasSizeGreaterThanOrEqualTo(20)
                .allSatisfy(row -> assertThat(taught).contains(row.get("answer").textValue()));
    }

    private static List<JsonNode> rows(String file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(EVALS.resolve(file))) {
            rows.add(mapper.readTree(line));
        }
        return rows;
    }
}
