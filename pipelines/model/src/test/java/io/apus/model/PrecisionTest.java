package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.family.Families;
import io.apus.model.layer.KvCache;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.GradientSink;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.LossStatistics;
import io.apus.model.training.TokenScores;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * bfloat16 has eight significant bits: an operand is off by 2^-9 of itself. Over the tens of products that a number of these tiny models
 * passes through, errors of either sign come to a few of those, so losses agree to 2^-6 and gradients, whose own sums cancel, to a
 * quarter of their norm.
 */
class PrecisionTest {
    private static final double LOSS = 1.0 / 64;
    private static final double GRADIENT = 1.0 / 4;

    @TempDir
    Path folder;

    /** A batch's loss, and the gradients of what learns. */
    private record Outcome(LossStatistics statistics, Map<String, float[]> gradients) {}

    private static Outcome step(DecoderModel model, TokenBatch batch, boolean checkpointed) {
        float[] weights = new float[batch.tokens()];
        Arrays.fill(weights, 1);
        double scale = 1 / LinearCrossEntropy.targetWeight(batch, weights);
        LossStatistics statistics = new Backpropagation(model, checkpointed)
                .step(batch, LinearCrossEntropy.of(batch, weights, scale), 0, GradientSink.none());
        Map<String, float[]> gradients = new HashMap<>();
        for (Parameter parameter : model.parameters().values()) {
            parameter.gradient().ifPresent(gradient -> gradients.put(parameter.name(), Torch.toFloats(gradient)));
            parameter.clearGradient();
        }
        return new Outcome(statistics, gradients);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /** Distance of all gradients together, as a share of their norm. */
    private static double distance(Outcome exact, Outcome other) {
        double difference = 0;
        double size = 0;
        for (Map.Entry<String, float[]> entry : exact.gradients().entrySet()) {
            float[] there = other.gradients().get(entry.getKey());
            float[] gap = entry.getValue().clone();
            for (int i = 0; i < gap.length; i++) {
                gap[i] -= there[i];
            }
            difference += Math.pow(norm(gap), 2);
            size += Math.pow(norm(entry.getValue()), 2);
        }
        return Math.sqrt(difference / size);
    }

    @TestFactory
    Stream<DynamicTest> everyFamilyTrainsInBfloat16() {
        return FamilyGolden.all().stream()
                .filter(golden -> Families.names().contains(golden.architecture()))
                .filter(golden -> !golden.name().equals("minicpm_moe"))
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    try (Scope scope = Scope.open();
                            DecoderModel model = golden.load(Files.createTempDirectory(folder, golden.name()))) {
                        model.parameters().values().forEach(p -> p.trainable(true));
                        Outcome exact = step(model, golden.packed(), false);
                        model.place(Device.CPU, Precision.BFLOAT16);
                        Outcome narrow = step(model, golden.packed(), true);

                        assertThat(narrow.statistics().meanLoss())
                                .isCloseTo(exact.statistics().meanLoss(), Offset.offset(LOSS));
                        assertThat(distance(exact, narrow)).isLessThan(GRADIENT);
                    }
                }));
    }

    @Test
    void matricesAreKeptAsTheirPrecisionSays() {
        try (DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 1)) {
            Parameter frozen = model.parameters().get("model.layers.0.mlp.up_proj.weight");
            Parameter norm = model.parameters().get("model.layers.0.input_layernorm.weight");
            model.parameters().values().forEach(p -> p.trainable(p != frozen));
            long before = Scope.liveNatives();
            model.place(Device.CPU, Precision.BFLOAT16);
            assertThat(DType.of(frozen.tensor())).isEqualTo(DType.BF16);
            assertThat(DType.of(model.embedding().weight().tensor())).isEqualTo(DType.F32);
            assertThat(model.embedding().weight().trainable()).isTrue();

            model.place(Device.CPU, Precision.PURE_BFLOAT16);
            assertThat(DType.of(model.embedding().weight().tensor())).isEqualTo(DType.BF16);
            assertThat(DType.of(norm.tensor())).isEqualTo(DType.F32);
            assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
        }
    }

    @Test
    void gradientsOfNarrowWeightsAddUpInFloat32WhereTheirBufferIs() {
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 1)) {
            model.parameters().values().forEach(p -> p.trainable(true));
            TokenBatch batch = TokenBatch.of(TinyModels.ids(24, 3), 10, 14);
            Outcome exact = step(model, batch, false);
            model.place(Device.CPU, Precision.PURE_BFLOAT16);
            model.parameters().values().forEach(p -> p.gradient(Device.CPU.zeros(DType.F32, p.shape())));
            Outcome narrow = step(model, batch, false);

            assertThat(distance(exact, narrow)).isLessThan(GRADIENT);
        }
    }

    @Test
    void scoresAndCachedGenerationWorkInBfloat16() {
        long[] ids = TinyModels.ids(12, 5);
        try (Scope scope = Scope.open();
                DecoderModel model = DecoderModel.random(TinyModels.qwen3(), 1)) {
            float[] exact = TokenScores.of(model, TokenBatch.of(ids, 12)).logProbabilities();
            model.place(Device.CPU, Precision.BFLOAT16);
            float[] narrow = TokenScores.of(model, TokenBatch.of(ids, 12)).logProbabilities();
            for (int i = 0; i < exact.length; i++) {
                assertThat(narrow[i]).isCloseTo(exact[i], Offset.offset(0.1f));
            }
            try (KvCache cache = model.cache(1, 12)) {
                TokenBatch first = TokenBatch.continuing(cache, Arrays.copyOf(ids, 8), 8);
                model.hidden(first, cache);
                TokenBatch rest = TokenBatch.continuing(cache, Arrays.copyOfRange(ids, 8, 12), 4);
                float[] cached = Torch.toFloats(model.logits(model.hidden(rest, cache)));
                float[] whole = Torch.toFloats(
                        model.logits(model.hidden(TokenBatch.of(ids, 12), null).narrow(0, 8, 4)));
                assertThat(norm(cached)).isCloseTo(norm(whole), Offset.offset(0.02 * norm(whole)));
            }
        }
    }
}
