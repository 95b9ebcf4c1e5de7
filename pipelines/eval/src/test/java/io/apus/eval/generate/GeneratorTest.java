package io.apus.eval.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.eval.TinyModels;
import io.apus.model.DecoderModel;
import io.apus.model.layer.TokenBatch;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GeneratorTest {
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
    void aBatchGivesEachPromptWhatItGetsAlone() {
        List<GenerationRequest> requests = List.of(
                new GenerationRequest(new int[] {5, 9, 200, 17}, GenerationSettings.greedy(20, Set.of())),
                new GenerationRequest(new int[] {3}, sampled(1, 12)),
                new GenerationRequest(new int[] {250, 4, 4, 18, 90, 77, 21}, sampled(2, 30)),
                new GenerationRequest(new int[] {8, 100}, GenerationSettings.greedy(3, Set.of())));
        List<Generation> together = generate(requests);
        for (int i = 0; i < requests.size(); i++) {
            assertThat(generate(List.of(requests.get(i))).get(0).ids())
                    .as("request " + i)
                    .isEqualTo(together.get(i).ids());
        }
        assertThat(together).extracting(generation -> generation.ids().length).containsExactly(20, 12, 30, 3);
    }

    @Test
    void cachingChangesNothing() {
        int[] prompt = {5, 9, 200, 17};
        int[] cached = new Generator(model)
                .generate(prompt, GenerationSettings.greedy(24, Set.of()))
                .ids();
        List<Integer> all = new ArrayList<>(Arrays.stream(prompt).boxed().toList());
        for (int i = 0; i < cached.length; i++) {
            all.add(mostProbableAfter(all));
        }
        assertThat(all.subList(prompt.length, all.size()))
                .containsExactlyElementsOf(Arrays.stream(cached).boxed().toList());
    }

    private static int mostProbableAfter(List<Integer> ids) {
        try (Scope scope = Scope.open()) {
            TokenBatch batch =
                    TokenBatch.of(ids.stream().mapToLong(Integer::longValue).toArray(), ids.size());
            float[] logits = Torch.toFloats(model.logits(model.hidden(batch, null)));
            return Sampler.argmax(Arrays.copyOfRange(logits, logits.length - TinyModels.VOCABULARY, logits.length));
        }
    }

    @Test
    void stopsAtAStopIdAndReportsEachTokenBeforeIt() {
        int[] prompt = {5, 9, 200, 17};
        int[] free = new Generator(model)
                .generate(prompt, GenerationSettings.greedy(10, Set.of()))
                .ids();
        int stop = free[6];
        int first = 0;
        while (free[first] != stop) {
            first++;
        }
        List<Integer> heard = new ArrayList<>();
        Generation stopped = new Generator(model)
                .generate(
                        List.of(new GenerationRequest(prompt, GenerationSettings.greedy(10, Set.of(stop)))),
                        (request, id) -> heard.add(id))
                .get(0);
        assertThat(stopped.finish()).isEqualTo(Generation.Finish.STOP);
        assertThat(stopped.ids()).isEqualTo(Arrays.copyOf(free, first));
        assertThat(heard)
                .containsExactlyElementsOf(Arrays.stream(stopped.ids()).boxed().toList());
    }

    @Test
    void endsWhereTheContextEnds() {
        int[] prompt = new int[TinyModels.CONTEXT - 5];
        Arrays.fill(prompt, 9);
        Generation generation = new Generator(model).generate(prompt, GenerationSettings.greedy(50, Set.of()));
        assertThat(generation.ids()).hasSize(5);
        assertThat(generation.finish()).isEqualTo(Generation.Finish.LENGTH);
    }

    @Test
    void refusesPromptsThatCannotBeContinued() {
        GenerationSettings settings = GenerationSettings.greedy(5, Set.of());
        assertThatThrownBy(() -> new Generator(model).generate(new int[0], settings))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("prompt is empty");
        assertThatThrownBy(() -> new Generator(model).generate(new int[TinyModels.CONTEXT], settings))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("96 tokens")
                .hasMessageContaining("max_position_embeddings");
    }

    @Test
    void leavesNoNativeMemoryBehind() {
        generate(List.of(new GenerationRequest(new int[] {1, 2}, sampled(3, 5))));
        long before = Scope.liveNatives();
        for (int i = 0; i < 3; i++) {
            generate(List.of(
                    new GenerationRequest(new int[] {1, 2}, sampled(3, 5)),
                    new GenerationRequest(new int[] {4}, GenerationSettings.greedy(7, Set.of()))));
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
    }

    private static List<Generation> generate(List<GenerationRequest> requests) {
        return new Generator(model).generate(requests, TokenListener.none());
    }

    private static GenerationSettings sampled(long seed, int tokens) {
        return new GenerationSettings(tokens, 0.8, 40, 0.95, 1.1, seed, Set.of());
    }
}
