package io.apus.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
    @Test
    void aQuerySeesExactlyTheWindow() {
        Map<String, Object> changes = Map.of("sliding_window", 4, "num_hidden_layers", 1);
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.config("MistralForCausalLM", changes), 3)) {
            assertThat(lastRowChanges(model, 5)).isFalse();
            assertThat(lastRowChanges(model, 6)).isTrue();
        }
    }

    @Test
    void withoutAWindowEverythingBeforeIsSeen() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.config("MistralForCausalLM", Map.of()), 3)) {
            assertThat(lastRowChanges(model, 0)).isTrue();
        }
    }

    /** Whether another token at {@code position} changes the hidden state at position 9. */
    private static boolean lastRowChanges(DecoderModel model, int position) {
        long[] ids = TinyModels.ids(10, 8);
        float[] before = lastRow(model, ids);
        ids[position] = ids[position] == 20 ? 21 : 20;
        return !Arrays.equals(before, lastRow(model, ids));
    }

    private static float[] lastRow(DecoderModel model, long[] ids) {
        return Torch.toFloats(model.hidden(TokenBatch.of(ids, 10), null).narrow(0, 9, 1));
    }
}
