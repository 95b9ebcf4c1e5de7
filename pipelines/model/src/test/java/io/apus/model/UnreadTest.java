package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.quant.QuantisedLinear;
import io.apus.model.quant.Quantisers;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parameters that are read when they are asked for are what they would have been. */
class UnreadTest {
    private static final String DOWN = "model.layers.1.mlp.down_proj.weight";

    @TempDir
    private Path folder;

    @BeforeEach
    void save() {
        try (DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 3)) {
            model.save(folder, 1 << 30, DType.BF16);
        }
    }

    @Test
    void partsAreReadAlone() {
        Cut two = new Cut(24, List.of(new Cut.Span(2, 5), new Cut.Span(20, 24)));
        try (Scope scope = Scope.open();
                DecoderModel whole = DecoderModel.load(folder);
                DecoderModel model = DecoderModel.open(folder, Optional.empty(), linear -> true)) {
            Parameter read = whole.parameters().get(DOWN);
            Parameter unread = model.parameters().get(DOWN);
            unread.trainable(true);
            for (Cut cut : List.of(Cut.equal(24, 3, 1), two)) {
                Parameter part = unread.part(cut, 1);
                assertThat(part.unread()).isPresent();
                assertThat(part.shape()).containsExactly(16, cut.size());
                assertThat(part.trainable()).isTrue();
                assertThat(Torch.toFloats(part.tensor())).containsExactly(Torch.toFloats(cut.of(read.tensor(), 1)));
                part.close();
            }
            assertThat(Torch.toFloats(unread.elements(30, 100)))
                    .containsExactly(Torch.toFloats(read.elements(30, 100)));
            assertThat(unread.unread()).isPresent();
        }
    }

    @Test
    void theTypeIsTheOneThatWasAskedForBefore() {
        try (Scope scope = Scope.open();
                DecoderModel read = DecoderModel.load(folder);
                DecoderModel model = DecoderModel.open(folder, Optional.empty(), linear -> true)) {
            model.parameters().values().forEach(parameter -> parameter.trainable(false));
            read.parameters().values().forEach(parameter -> parameter.trainable(false));
            read.place(Device.CPU, Precision.BFLOAT16);
            model.place(Device.CPU, Precision.BFLOAT16);
            assertThat(model.parameters().values())
                    .allMatch(parameter -> parameter.unread().isPresent());
            model.read().parameters().forEach((name, parameter) -> {
                assertThat(parameter.dtype())
                        .isEqualTo(read.parameters().get(name).dtype());
                assertThat(Torch.toFloats(parameter.tensor()))
                        .containsExactly(
                                Torch.toFloats(read.parameters().get(name).tensor()));
            });
        }
    }

    @Test
    void randomWeightsAreTheSameWhoeverMakesThem() {
        long before = Scope.liveNatives();
        ModelConfig config = TinyModels.config("LlamaForCausalLM", Map.of("pad_token_id", 0));
        try (Scope scope = Scope.open();
                DecoderModel whole = DecoderModel.random(config, 5);
                DecoderModel model = DecoderModel.openRandom(config, 5)) {
            Parameter part = model.parameters().get(DOWN).part(Cut.equal(16, 4, 3), 0);
            assertThat(Torch.toFloats(part.tensor()))
                    .containsExactly(Torch.toFloats(whole.parameters().get(DOWN).elements(12 * 24, 16 * 24)));
            assertThat(Torch.toFloats(model.embedding().weight().elements(0, 16)))
                    .containsOnly(0);
            part.close();
        }
        assertThat(Scope.liveNatives()).isEqualTo(before);
    }

    @Test
    void linearsThatNobodyUsesAreNotQuantised() {
        QuantiseSpec spec = new QuantiseSpec("bnb", 4, null, null, null, null, null);
        try (DecoderModel model =
                DecoderModel.open(folder, Quantisers.of(spec), linear -> linear.startsWith("model.layers.2."))) {
            model.projections().forEach((name, slot) -> assertThat(slot.get())
                    .as(name)
                    .isInstanceOf(name.startsWith("model.layers.2.") ? QuantisedLinear.class : Linear.class));
            model.keep(2, 3);
            model.read();
            assertThat(model.parameters().values())
                    .noneMatch(parameter -> parameter.unread().isPresent());
        }
    }
}
