package io.apus.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvCacheTest {
    private static final long[] FIRST = TinyModels.ids(12, 1);
    private static final long[] SECOND = TinyModels.ids(9, 2);

    /** Two sequences of different length: prompts together, a piece of several tokens, then token by token together and alone. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 20})
    void continuingEqualsComputingAllAtOnce(int window) {
        Map<String, Object> changes = window == 0 ? Map.of() : Map.of("sliding_window", window);
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.config("MistralForCausalLM", changes), 3);
                KvCache cache = model.cache(2, 16)) {
            float[] first = Torch.toFloats(model.hidden(TokenBatch.of(FIRST, 12), null));
            float[] second = Torch.toFloats(model.hidden(TokenBatch.of(SECOND, 9), null));
            assertRows(forward(model, cache, tokens(0, 5, 0, 4), 5, 4), first, 0, 5, second, 0, 4);
            assertRows(forward(model, cache, tokens(5, 8, 4, 6), 3, 2), first, 5, 8, second, 4, 6);
            assertRows(forward(model, cache, tokens(8, 9, 6, 7), 1, 1), first, 8, 9, second, 6, 7);
            cache.use(1, 0);
            float[] swapped = forward(model, cache, new long[] {SECOND[7], FIRST[9]}, 1, 1);
            assertRows(swapped, second, 7, 8, first, 9, 10);
            cache.use(1);
            assertRows(forward(model, cache, new long[] {SECOND[8]}, 1), second, 8, 9, first, 0, 0);
            cache.truncate(0, 5);
            cache.use(0);
            assertRows(forward(model, cache, tokens(5, 12, 0, 0), 7), first, 5, 12, second, 0, 0);
            assertThat(cache.length(0)).isEqualTo(12);
            assertThat(cache.length(1)).isEqualTo(9);
        }
    }

    @Test
    void evenSequencesDecodeTogetherWithoutAMask() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 3);
                KvCache cache = model.cache(2, 16)) {
            float[] first = Torch.toFloats(model.hidden(TokenBatch.of(FIRST, 12), null));
            float[] second = Torch.toFloats(model.hidden(TokenBatch.of(SECOND, 9), null));
            forward(model, cache, tokens(0, 5, 0, 5), 5, 5);
            assertRows(forward(model, cache, tokens(5, 6, 5, 6), 1, 1), first, 5, 6, second, 5, 6);
        }
    }

    @Test
    void aFullSlotAndUnknownSlotsAreRefused() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 3);
                KvCache cache = model.cache(2, 4)) {
            assertThatThrownBy(() -> forward(model, cache, tokens(0, 5, 0, 0), 5))
                    .hasMessageContaining("slot 0 holds 0 of 4 tokens and cannot take 5 more");
            assertThatThrownBy(() -> cache.use(0, 0)).hasMessageContaining("must be distinct");
            assertThatThrownBy(() -> cache.use(2)).hasMessageContaining("below 2");
        }
    }

    @Test
    void closingFreesTheMemory() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 3)) {
            long baseline = Scope.liveNatives();
            try (Scope inner = Scope.open();
                    KvCache cache = model.cache(2, 16)) {
                forward(model, cache, tokens(0, 5, 0, 5), 5, 5);
            }
            assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
        }
    }

    private static float[] forward(DecoderModel model, KvCache cache, long[] ids, int... lengths) {
        Tensor hidden = model.hidden(TokenBatch.continuing(cache, ids, lengths), cache);
        return Torch.toFloats(hidden);
    }

    private static long[] tokens(int from, int to, int secondFrom, int secondTo) {
        long[] ids = new long[to - from + secondTo - secondFrom];
        System.arraycopy(FIRST, from, ids, 0, to - from);
        System.arraycopy(SECOND, secondFrom, ids, to - from, secondTo - secondFrom);
        return ids;
    }

    private static void assertRows(float[] got, float[] a, int aFrom, int aTo, float[] b, int bFrom, int bTo) {
        float[] wanted = new float[(aTo - aFrom + bTo - bFrom) * 16];
        System.arraycopy(a, aFrom * 16, wanted, 0, (aTo - aFrom) * 16);
        System.arraycopy(b, bFrom * 16, wanted, (aTo - aFrom) * 16, (bTo - bFrom) * 16);
        assertThat(got).containsExactly(wanted, Offset.offset(2e-5f));
    }
}
