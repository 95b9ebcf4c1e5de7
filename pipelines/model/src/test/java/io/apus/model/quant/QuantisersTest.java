package io.apus.model.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.TinyModels;
import io.apus.model.WeightBytes;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.quant.format.FormatCase;
import io.apus.schemas.spec.QuantiseSpec;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuantisersTest {
    @TempDir
    Path folder;

    static List<QuantiseSpec> methods() {
        return List.of(
                bnb(8, null, null, null),
                bnb(4, null, null, null),
                bnb(4, null, "fp4", false),
                bnb(4, "bfloat16", "nf4", false),
                new QuantiseSpec("hqq", 4, null, null, null, null, null),
                new QuantiseSpec("hqq", 3, 0, null, null, null, null),
                new QuantiseSpec("eetq", 8, null, null, null, null, null),
                new QuantiseSpec("fp8", null, null, null, null, null, null));
    }

    private static QuantiseSpec bnb(int bits, String compute, String type, Boolean doubled) {
        return new QuantiseSpec("bnb", bits, null, compute, type, doubled, null);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aModelIsQuantisedWhileItIsRead(QuantiseSpec spec) {
        long baseline = Scope.liveNatives();
        Quantiser quantiser = Quantisers.of(spec).orElseThrow();
        ModelConfig config = QuantisedFolder.config();
        try (Scope scope = Scope.open();
                DecoderModel plain = DecoderModel.random(config, 12)) {
            plain.save(folder, 1 << 30);
            try (DecoderModel model = DecoderModel.load(folder, Quantisers.of(spec));
                    DecoderModel again = DecoderModel.load(folder, Quantisers.of(spec))) {
                assertThat(model.projections().values())
                        .allSatisfy(slot -> assertThat(slot.get()).isInstanceOf(QuantisedLinear.class));
                assertThat(logits(model)).isEqualTo(logits(again));
                QuantisedLinear linear = (QuantisedLinear)
                        model.projections().get("model.layers.1.mlp.down_proj").get();
                Tensor weight = plain.parameters()
                        .get("model.layers.1.mlp.down_proj.weight")
                        .tensor();
                double relative = linear.dequantise().sub(weight).norm().item_double()
                        / weight.norm().item_double();
                assertThat(relative).isLessThan(spec.quantBits() != null && spec.quantBits() == 3 ? 0.25 : 0.15);
                assertThat(linear.bias()).isEmpty();
                assertThat(model.projections()
                                .get("model.layers.0.self_attn.q_proj")
                                .get()
                                .parameters())
                        .extracting(Parameter::name)
                        .contains("model.layers.0.self_attn.q_proj.bias");
                assertThat(count(model)).isEqualTo(config.parameterCount());
                assertThat(WeightBytes.of(config, quantiser).floats() + linearBytes(model))
                        .isEqualTo(bytes(model));
            }
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    private static long count(DecoderModel model) {
        return model.parameters().values().stream().mapToLong(Parameter::count).sum();
    }

    private static long bytes(DecoderModel model) {
        return model.parameters().values().stream()
                .mapToLong(p -> Torch.bytes(p.tensor()))
                .sum();
    }

    private static long linearBytes(DecoderModel model) {
        return model.projections().values().stream()
                .mapToLong(slot -> ((QuantisedLinear) slot.get()).bytes())
                .sum();
    }

    /** A large matrix takes what the estimate says, to a hundredth. */
    @ParameterizedTest
    @MethodSource("methods")
    void theEstimateIsWhatALargeMatrixTakes(QuantiseSpec spec) {
        Quantiser quantiser = Quantisers.of(spec).orElseThrow();
        try (Scope scope = Scope.open();
                QuantisedLinear linear = quantiser.quantise("a", Torch.zeros(1536, 2048), null)) {
            double estimate = QuantisedSize.bytesPerNumber(quantiser) * 1536 * 2048;
            assertThat(linear.bytes() / estimate).isBetween(0.99, 1.01);
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void aStoredModelsSizeIsReadFromItsHeaders(FormatCase format) {
        QuantisedFolder.write(folder, format);
        ModelConfig config = ModelConfig.read(folder);
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.load(folder)) {
            WeightBytes stored = WeightBytes.stored(folder, config);
            assertThat(stored.floats()).isEqualTo(bytes(model) - linearBytes(model));
            // Descriptions and settings beside the numbers take a few hundred bytes a linear.
            assertThat(stored.quantised() - linearBytes(model)).isBetween(0L, 14 * 300L);
            assertThat(stored.working()).isEqualTo(3 * 4 * 64 * 128);
        }
    }

    static List<FormatCase> checkpoints() {
        return FormatCase.all().subList(0, 5);
    }

    @Test
    void withoutWeightsTheConfigAloneIsAsked() {
        ModelConfig config = QuantisedFolder.config();
        ModelConfig quantised = config.with("quantization_config", Map.of("quant_method", "gptq", "bits", 4));
        WeightBytes guess = WeightBytes.stored(folder, quantised);
        long linears = 2L * (64 * 64 + 2 * 32 * 64 + 64 * 64 + 3 * 64 * 128);
        assertThat(guess.quantised()).isEqualTo(linears * 4 / 7);
        assertThat(guess.floats()).isEqualTo(4 * (config.parameterCount() - linears));
        assertThat(WeightBytes.stored(folder, config)).isEqualTo(WeightBytes.floats(config));
    }

    @Test
    void routersAreLeftAlone() {
        Quantiser quantiser = Quantisers.of(methods().get(0)).orElseThrow();
        assertThat(Arrays.asList("model.layers.0.mlp.gate", "model.layers.0.mlp.shared_expert_gate", "a.router"))
                .noneMatch(quantiser::takes);
        assertThat(quantiser.takes("model.layers.0.mlp.gate_proj")).isTrue();
        assertThat(Quantisers.of(QuantiseSpec.none())).isEmpty();
        assertThat(Quantisers.names()).containsExactly("bnb", "hqq", "eetq", "fp8");
    }

    private static float[] logits(DecoderModel model) {
        return Torch.toFloats(model.logits(model.hidden(TokenBatch.of(TinyModels.ids(8, 1), 3, 5), null)));
    }
}
