package io.apus.eval.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.model.DecoderModel;
import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Greedy continuations equal those that transformers recorded. */
class GeneratorGoldenTest {
    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "llama", "llama3_rope", "qwen2", "qwen2_tied", "qwen2_yarn", "mistral"})
    void continuesGreedilyAsTransformersDoes(String name) throws IOException {
        Path folder = SharedReference.path("golden/models/" + name);
        JsonNode golden = JsonMapper.builder().build().readTree(Files.readString(folder.resolve("golden.json")));
        int[] prompt = ints(golden.get("greedy_prompt"));
        GenerationSettings settings = GenerationSettings.greedy(16, Set.of());
        try (DecoderModel model = DecoderModel.load(folder)) {
            List<Generation> both = new Generator(model)
                    .generate(
                            List.of(
                                    new GenerationRequest(prompt, settings),
                                    new GenerationRequest(new int[] {prompt[0], prompt[1]}, settings)),
                            TokenListener.none());
            assertThat(both.get(0).ids()).isEqualTo(ints(golden.get("greedy_16")));
            assertThat(new Generator(model).generate(prompt, settings).ids())
                    .isEqualTo(both.get(0).ids());
        }
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }
}
