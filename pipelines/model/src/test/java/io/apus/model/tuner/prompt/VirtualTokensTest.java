package io.apus.model.tuner.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.TinyModels;
import io.apus.model.layer.KvCache;
import io.apus.model.layer.TokenBatch;
import io.apus.model.tuner.Specs;
import io.apus.model.tuner.Tuners;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in front of a sample is seen by each of its tokens, with a cache as without. */
class VirtualTokensTest {
    private static final long[] IDS = TinyModels.ids(17, 1);

    @ParameterizedTest
    @CsvSource({"prompt_tuning,0", "prefix_tuning,0", "prompt_tuning,4", "prefix_tuning,4"})
    void generationSeesThem(String type, int window) {
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(config(window), 7);
                KvCache cache = attached(model, type).cache(2, 12)) {
            float[] whole = Torch.toFloats(model.hidden(TokenBatch.of(IDS, 9, 8), null));
            int width = whole.length / 17;
            // both samples begin together, go on token by token, and end unevenly
            float[] begun = hidden(model, cache, rows(0, 5, 9, 12), 5, 3);
            assertClose(begun, whole, width, 0, 5, 9, 12);
            for (int i = 0; i < 3; i++) {
                float[] next = hidden(model, cache, rows(5 + i, 6 + i, 12 + i, 13 + i), 1, 1);
                assertClose(next, whole, width, 5 + i, 6 + i, 12 + i, 13 + i);
            }
            float[] last = hidden(model, cache, rows(8, 9, 15, 17), 1, 2);
            assertClose(last, whole, width, 8, 9, 15, 17);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @ParameterizedTest
    @CsvSource({"prompt_tuning", "prefix_tuning"})
    void anEmptiedCacheBeginsBehindThemAgain(String type) {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(config(0), 7);
                KvCache cache = attached(model, type).cache(1, 12)) {
            float[] first = hidden(model, cache, Arrays.copyOf(IDS, 5), 5);
            cache.reset();
            float[] second = hidden(model, cache, Arrays.copyOf(IDS, 5), 5);
            assertThat(second).containsExactly(first, Offset.offset(1e-5f));
        }
    }

    /** A prompt whose embeddings are those of real tokens does what these tokens would do. */
    @ParameterizedTest
    @CsvSource({"0", "4"})
    void aPromptOfTokensIsThoseTokens(int window) {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(config(window), 7)) {
            long[] ids = Arrays.copyOf(IDS, 9);
            float[] plain =
                    Torch.toFloats(model.hidden(TokenBatch.of(ids, 9), null).narrow(0, 3, 6));
            Tensor rows = model.embedding().weight().tensor().index_select(0, Torch.longs(Arrays.copyOf(ids, 3)));
            attached(model, "prompt_tuning");
            model.virtualTokens().embeddings().orElseThrow().tensor().detach().copy_(rows);
            long[] twice = new long[12];
            System.arraycopy(ids, 3, twice, 0, 6);
            System.arraycopy(ids, 3, twice, 6, 6);
            Tensor both = model.hidden(TokenBatch.of(twice, 6, 6), null);
            for (int segment = 0; segment < 2; segment++) {
                assertThat(Torch.toFloats(both.narrow(0, 6L * segment, 6)))
                        .containsExactly(plain, Offset.offset(1e-5f));
            }
        }
    }

    private static ModelConfig config(int window) {
        return window == 0
                ? TinyModels.qwen3()
                : TinyModels.config("MistralForCausalLM", Map.of("sliding_window", window));
    }

    private static DecoderModel attached(DecoderModel model, String type) {
        Tuners.of(Specs.tuner(type, Map.of("methods", Map.of("prompt", Map.of("numVirtualTokens", 3)))))
                .attach(model, 1);
        return model;
    }

    private static long[] rows(int from, int to, int otherFrom, int otherTo) {
        long[] ids = Arrays.copyOfRange(IDS, from, to + otherTo - otherFrom);
        System.arraycopy(IDS, otherFrom, ids, to - from, otherTo - otherFrom);
        return ids;
    }

    private static float[] hidden(DecoderModel model, KvCache cache, long[] ids, int... lengths) {
        return Torch.toFloats(model.hidden(TokenBatch.continuing(cache, ids, lengths), cache));
    }

    private static void assertClose(float[] got, float[] whole, int width, int... parts) {
        float[] first = Arrays.copyOfRange(whole, parts[0] * width, parts[1] * width);
        float[] second = Arrays.copyOfRange(whole, parts[2] * width, parts[3] * width);
        float[] wanted = Torch.toFloats(torch.cat(new TensorVector(Torch.floats(first), Torch.floats(second)), 0));
        assertThat(got).containsExactly(wanted, Offset.offset(1e-4f));
    }
}
