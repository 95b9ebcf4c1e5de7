package io.apus.corpus.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.data.Sample;
import io.apus.schemas.manifest.Accounting;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real samples of every common shape: each row is kept or refused for a reason. The numbers were counted independently. */
class RealDataTest {
    private static FileAccount account(String file) throws IOException {
        return new FileAccount().add(SharedReference.path("data/" + file));
    }

    @ParameterizedTest
    @CsvSource({
        "reason_tool_use_demo_50.jsonl, 50, 0",
        "alpaca_en_demo.json, 999, 14",
        "alpaca_zh_demo.json, 1000, 8",
        "gsm8k_train.jsonl, 7473, 0",
        "gsm8k_test.jsonl, 1319, 0",
        "c4_demo.jsonl, 300, 0",
        "wiki_demo.txt, 30, 0",
        "dpo_en_demo.json, 300, 5",
        "kto_en_demo.json, 300, 0",
        "glaive_toolcall_en_demo.json, 300, 35",
        "identity.json, 91, 0",
        "mllm_demo.json, 6, 0",
    })
    void everyRowIsKeptUnlessItIsADuplicate(String file, long rows, long duplicates) throws IOException {
        Map<String, Long> refused = duplicates == 0 ? Map.of() : Map.of("exact_duplicate", duplicates);
        assertThat(account(file).accounting()).isEqualTo(new Accounting(rows, rows - duplicates, refused));
    }

    /** A file that is added to the references must be counted too. */
    @Test
    void everyFileIsCounted() throws IOException {
        Set<String> counted = Stream.of(RealDataTest.class.getDeclaredMethods())
                .map(method -> method.getAnnotation(CsvSource.class))
                .filter(Objects::nonNull)
                .flatMap(source -> Stream.of(source.value()))
                .map(line -> line.substring(0, line.indexOf(',')))
                .collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(SharedReference.path("data"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("README.md")))
                    .allMatch(name -> name.equals("mllm_demo_data") || counted.contains(name));
        }
    }

    @Test
    void reasoningAndCallsAmongContentBlocksBecomeThinkingAndTurns() throws IOException {
        List<Message> messages = account("reason_tool_use_demo_50.jsonl").kept().stream()
                .flatMap(sample -> sample.messages().stream())
                .toList();
        Map<String, Long> turns =
                messages.stream().collect(Collectors.groupingBy(Message::role, TreeMap::new, Collectors.counting()));
        assertThat(turns)
                .isEqualTo(
                        Map.of("assistant", 112L, "system", 50L, "tool_call", 68L, "tool_response", 42L, "user", 70L));
        assertThat(messages)
                .filteredOn(message -> message.role().equals(Roles.ASSISTANT))
                .allSatisfy(message ->
                        assertThat(message.content()).startsWith("<think>\n").contains("\n</think>\n\n"));
        assertThat(messages)
                .filteredOn(message -> message.role().equals(Roles.TOOL_CALL))
                .allSatisfy(message -> assertThat(message.content()).startsWith("{\"name\":\""));
    }

    @Test
    void pairsLabelsToolsAndMediaArrive() throws IOException {
        assertThat(account("dpo_en_demo.json").kept()).allSatisfy(sample -> {
            List<Message> chosen = sample.messages();
            List<Message> rejected = sample.rejectedMessages();
            int turns = chosen.size() - 1;
            assertThat(rejected.subList(0, turns)).isEqualTo(chosen.subList(0, turns));
            assertThat(rejected.get(turns).content())
                    .isNotEqualTo(chosen.get(turns).content());
        });
        assertThat(account("kto_en_demo.json").kept()).extracting(Sample::label).containsOnly("true", "false");
        assertThat(account("mllm_demo.json").kept())
                .allSatisfy(sample -> assertThat(sample.media()).containsOnlyKeys("images"));
        assertThat(account("c4_demo.jsonl").kept()).allMatch(Sample::isPlainText);
        assertThat(account("glaive_toolcall_en_demo.json").kept())
                .filteredOn(sample ->
                        sample.messages().stream().anyMatch(m -> m.role().equals(Roles.TOOL_CALL)))
                .isNotEmpty()
                .allSatisfy(sample -> assertThat(sample.tools()).startsWith("[{"));
    }
}
